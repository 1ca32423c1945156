import type { TopicInfo } from "@pipeline/common";
import type { BrokersView, GroupSummary, GroupView, Sampled, TopicSummary, TopicView } from "./api";
import type { GroupInfo } from "./kafka/groups";
import { chartOf } from "./pipeline/chart";
import { groupPartitions, lagsByTopic } from "./pipeline/group-lag";
import { type Reading, ratePerSecond, ratesOf } from "./pipeline/rates";
import type { KafkaSnapshot, Sample, Sampler } from "./pipeline/sampler";

const RATE_WINDOW_MS = 60_000;
const RATE_POINT_MS = 15_000;
/** Topics of Kafka itself, of Confluent's registry and of Apicurio. */
const INTERNAL = /^(_|kafkasql-|registry-events$)/;

/** Figures from the last snapshot, with its age and what is wrong now. */
export function sampled<T>(sampler: Sampler, view: (snapshot: KafkaSnapshot) => T): Sampled<T> {
  const { snapshot, problem } = sampler;
  return { data: snapshot ? view(snapshot) : null, asOf: snapshot?.time ?? null, problem };
}

/** The brokers and what they hold. Pure. */
export function brokersView({ cluster }: KafkaSnapshot): BrokersView {
  const partitions = cluster.topics.flatMap((topic) => topic.partitions);
  return {
    brokers: cluster.brokers
      .map(({ id, host, port }) => ({
        id,
        address: `${host}:${port}`,
        isController: id === cluster.controllerId,
        leads: partitions.filter(({ leader }) => leader === id).length,
        replicas: partitions.filter(({ replicas }) => replicas.includes(id)).length,
      }))
      .sort((a, b) => a.id - b.id),
    partitions: partitions.length,
    underReplicated: underReplicated(partitions),
  };
}

/** Every topic, by name. Pure. */
export function topicsView(snapshot: KafkaSnapshot, samples: readonly Sample[]): TopicSummary[] {
  return snapshot.cluster.topics
    .map((topic) => topicSummary(topic, snapshot, samples))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** One topic; undefined when there is none of that name. Pure. */
export function topicView(
  name: string,
  snapshot: KafkaSnapshot,
  samples: readonly Sample[],
): TopicView | undefined {
  const topic = snapshot.cluster.topics.find((candidate) => candidate.name === name);
  if (!topic) return undefined;
  const ranges = snapshot.offsets.get(name);
  return {
    ...topicSummary(topic, snapshot, samples),
    partitionList: topic.partitions.map(({ id, leader, replicas, isr }) => ({
      id,
      leader,
      replicas,
      inSync: isr,
      ...(ranges?.get(id) ?? { first: 0, next: 0 }),
    })),
    chart: chartOf(samples, { "records per second": ratesOf(written(samples, name), RATE_POINT_MS) }),
  };
}

/** Every consumer group, by id. Pure. */
export function groupsView(snapshot: KafkaSnapshot): GroupSummary[] {
  return snapshot.groups.map((group) => groupSummary(group, snapshot));
}

/** One consumer group; undefined when there is none of that id. Pure. */
export function groupView(
  id: string,
  snapshot: KafkaSnapshot,
  samples: readonly Sample[],
): GroupView | undefined {
  const group = snapshot.groups.find((candidate) => candidate.id === id);
  if (!group) return undefined;
  const summary = groupSummary(group, snapshot);
  const lagOf = (topic: string) => samples.map(({ lags }) => lags?.get(id)?.get(topic) ?? null);
  return {
    ...summary,
    protocol: group.protocol,
    memberList: group.members.map(({ id: memberId, clientId, host, assignment }) => ({
      id: memberId,
      clientId,
      host,
      partitions: assignment?.length ?? null,
    })),
    partitions: groupPartitions(group, snapshot.offsets),
    chart: chartOf(samples, Object.fromEntries(summary.topics.map((topic) => [topic, lagOf(topic)]))),
  };
}

function topicSummary(
  topic: TopicInfo,
  { offsets }: KafkaSnapshot,
  samples: readonly Sample[],
): TopicSummary {
  const ranges = [...(offsets.get(topic.name)?.values() ?? [])];
  return {
    name: topic.name,
    isInternal: topic.isInternal || INTERNAL.test(topic.name),
    partitions: topic.partitions.length,
    messages: ranges.reduce((sum, { first, next }) => sum + next - first, 0),
    rate: ratePerSecond(written(samples, topic.name), RATE_WINDOW_MS),
    underReplicated: underReplicated(topic.partitions),
  };
}

function groupSummary(group: GroupInfo, snapshot: KafkaSnapshot): GroupSummary {
  const lags = lagsByTopic(groupPartitions(group, snapshot.offsets));
  const assigned = group.members.flatMap(({ assignment }) => (assignment ?? []).map(({ topic }) => topic));
  return {
    id: group.id,
    state: group.state,
    problem: group.problem,
    members: group.members.length,
    topics: [...new Set([...lags.keys(), ...assigned])].sort(),
    lag: [...lags.values()].reduce((sum, lag) => sum + lag, 0),
  };
}

function underReplicated(partitions: TopicInfo["partitions"]): number {
  return partitions.filter(({ replicas, isr }) => isr.length < replicas.length).length;
}

function written(samples: readonly Sample[], topic: string): Reading[] {
  return samples.map(({ time, written }) => ({ time, value: written?.get(topic) ?? null }));
}

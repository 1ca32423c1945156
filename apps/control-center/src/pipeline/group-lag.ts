import type { OffsetRange } from "@pipeline/common";
import type { GroupPartition } from "../api";
import type { GroupInfo } from "../kafka/groups";

/** What is needed to tell how late a group is: the offsets of partitions, by topic and partition. */
export type Offsets = ReadonlyMap<string, ReadonlyMap<number, OffsetRange>>;

/** Every partition that a group has committed or reads, with what it has not committed yet. */
export function groupPartitions(group: GroupInfo, offsets: Offsets): GroupPartition[] {
  const key = (topic: string, partition: number) => `${topic}/${partition}`;
  const committed = new Map(group.committed.map((entry) => [key(entry.topic, entry.partition), entry]));
  const readers = new Map(
    group.members.flatMap(({ clientId, assignment }) =>
      (assignment ?? []).map((place) => [key(place.topic, place.partition), { ...place, clientId }] as const),
    ),
  );
  const places = [...new Set([...committed.keys(), ...readers.keys()])];
  return places
    .map((place) => {
      const { topic, partition } = (committed.get(place) ?? readers.get(place))!;
      const offset = committed.get(place)?.offset ?? null;
      // A topic that is gone has nothing left to read.
      const { first, next } = offsets.get(topic)?.get(partition) ?? { first: 0, next: offset ?? 0 };
      const lag = Math.max(0, next - Math.max(first, offset ?? 0));
      return {
        topic,
        partition,
        committed: offset,
        next,
        lag,
        clientId: readers.get(place)?.clientId ?? null,
      };
    })
    .sort((a, b) => a.topic.localeCompare(b.topic) || a.partition - b.partition);
}

/** What a group has not committed yet, by topic. */
export function lagsByTopic(partitions: readonly GroupPartition[]): Map<string, number> {
  const lags = new Map<string, number>();
  for (const { topic, lag } of partitions) lags.set(topic, (lags.get(topic) ?? 0) + lag);
  return lags;
}

import { connect } from "node:net";
import type { Kafka } from "kafkajs";
import Cluster from "kafkajs/src/cluster";
import { readEveryCodec, UNREADABLE, unreadableReason } from "./codecs";

readEveryCodec();

/** READ_UNCOMMITTED: what is in the log, to its end. */
const ISOLATION_LEVEL = 0;
const REQUEST_TIMEOUT_MS = 10_000;
/** An hour: the reader refreshes the metadata itself, so kafkajs need not do so by age. */
const METADATA_MAX_AGE_MS = 60 * 60_000;
const MAX_RESPONSE_BYTES = 8 * 1024 * 1024;

/** A partition as the cluster describes it. */
export interface PartitionInfo {
  id: number;
  leader: number;
  replicas: number[];
  isr: number[];
}

/** A topic as the cluster describes it. */
export interface TopicInfo {
  name: string;
  isInternal: boolean;
  partitions: PartitionInfo[];
}

/** The cluster's description of itself. */
export interface ClusterInfo {
  controllerId: number;
  brokers: { id: number; host: string; port: number }[];
  topics: TopicInfo[];
}

/** First and next offset of a partition: it holds the records from `first` up to, not including, `next`. */
export interface OffsetRange {
  first: number;
  next: number;
}

/** A record as it is in Kafka. */
export interface RawRecord {
  topic: string;
  partition: number;
  offset: number;
  time: number;
  key: Buffer | null;
  value: Buffer | null;
  headers: { name: string; value: Buffer }[];
  /** Why the record could not be read; its value is then null, or all that came in its place. */
  unreadable?: string | undefined;
}

/** What a fetch brought of one partition. */
export interface FetchedRecords {
  partition: number;
  /** The offset that the next record gets. */
  next: number;
  /** Where to go on reading. */
  position: number;
  records: RawRecord[];
}

/**
 * Reads the cluster without being a consumer: no group, no commits, no trace but a connection. kafkajs reads through
 * consumer groups only; beneath its public face, its Cluster can ask a partition's leader directly, as this class does.
 * That part is not public: kafkajs is pinned, and the tests of this app read through here from a real broker.
 *
 * A broker answers the requests of one connection in order: what waits for new records needs a reader of its own.
 */
export class ClusterReader {
  readonly #cluster: Cluster;

  /** @param kafka whose log is used */
  constructor(kafka: Kafka, options: { brokers: string[]; clientId: string }) {
    this.#cluster = new Cluster({
      ...options,
      logger: kafka.logger(),
      connectionTimeout: REQUEST_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      enforceRequestTimeout: true,
      metadataMaxAge: METADATA_MAX_AGE_MS,
      allowAutoTopicCreation: false,
      isolationLevel: ISOLATION_LEVEL,
      retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 2 },
      socketFactory: ({ host, port, onConnect }) =>
        connect({ host, port }, onConnect).setKeepAlive(true, 60_000),
    });
  }

  /** Refreshes the metadata of the cluster and returns its brokers and topics. */
  async describe(): Promise<ClusterInfo> {
    await this.#cluster.connect();
    await this.#cluster.refreshMetadata();
    const { metadata } = this.#cluster.brokerPool;
    if (!metadata) throw new Error("the cluster did not describe itself");
    return {
      controllerId: metadata.controllerId,
      brokers: metadata.brokers.map(({ nodeId, host, port }) => ({ id: nodeId, host, port })),
      topics: metadata.topicMetadata.map(({ topic, isInternal, partitionMetadata }) => ({
        name: topic,
        isInternal,
        partitions: partitionMetadata
          .map(({ partitionId, leader, replicas, isr }) => ({ id: partitionId, leader, replicas, isr }))
          .sort((a, b) => a.id - b.id),
      })),
    };
  }

  /** The topic by refreshed metadata; undefined when there is none of that name. */
  async topic(name: string): Promise<TopicInfo | undefined> {
    return (await this.describe()).topics.find((topic) => topic.name === name);
  }

  /** First and next offset of the partitions that have a leader, by topic and partition. */
  async offsets(topics: readonly TopicInfo[]): Promise<Map<string, Map<number, OffsetRange>>> {
    const led = topics.map((topic) => ({ topic: topic.name, partitions: withLeader(topic) }));
    const [firsts, nexts] = await Promise.all([
      this.#cluster.fetchTopicsOffset(led.map((topic) => ({ ...topic, fromBeginning: true }))),
      this.#cluster.fetchTopicsOffset(led.map((topic) => ({ ...topic, fromBeginning: false }))),
    ]);
    const ranges = new Map<string, Map<number, OffsetRange>>();
    for (const { topic, partitions } of nexts) {
      ranges.set(
        topic,
        new Map(partitions.map(({ partition, offset }) => [partition, { first: 0, next: Number(offset) }])),
      );
    }
    for (const { topic, partitions } of firsts) {
      for (const { partition, offset } of partitions) {
        const range = ranges.get(topic)?.get(partition);
        if (range) range.first = Number(offset);
      }
    }
    return ranges;
  }

  /** By partition, the offset of the first record that is not older than the time; without an entry there is none. */
  async offsetsAt(topic: TopicInfo, time: number): Promise<Map<number, number>> {
    const [answer] = await this.#cluster.fetchTopicsOffset([
      { topic: topic.name, partitions: withLeader(topic), fromTimestamp: time },
    ]);
    const found = answer?.partitions.filter(({ offset }) => Number(offset) >= 0) ?? [];
    return new Map(found.map(({ partition, offset }) => [partition, Number(offset)]));
  }

  /**
   * One fetch from each leader.
   *
   * @param positions where to begin, by partition
   * @param limits.maxBytes of each partition; a single record that is larger comes all the same
   * @param limits.maxWaitMs longest wait for a first record
   */
  async fetch(
    topic: TopicInfo,
    positions: ReadonlyMap<number, number>,
    limits: { maxBytes: number; maxWaitMs: number },
  ): Promise<FetchedRecords[]> {
    const asked = topic.partitions.filter(({ id, leader }) => positions.has(id) && leader >= 0);
    const leaders = new Set(asked.map(({ leader }) => leader));
    const answers = await Promise.all(
      [...leaders].map(async (leader) => {
        const broker = await this.#cluster.findBroker({ nodeId: String(leader) });
        const partitions = asked
          .filter((partition) => partition.leader === leader)
          .map(({ id }) => ({
            partition: id,
            fetchOffset: String(positions.get(id)),
            maxBytes: limits.maxBytes,
          }));
        return broker.fetch({
          isolationLevel: ISOLATION_LEVEL,
          maxWaitTime: limits.maxWaitMs,
          minBytes: 1,
          maxBytes: MAX_RESPONSE_BYTES,
          topics: [{ topic: topic.name, partitions }],
        });
      }),
    );
    return answers
      .flatMap(({ responses }) => responses.flatMap(({ partitions }) => partitions))
      .map(({ partition, highWatermark, messages }) => {
        const from = positions.get(partition)!;
        const last = messages.at(-1);
        return {
          partition,
          next: Number(highWatermark),
          position: last ? Math.max(from, Number(last.offset) + 1) : from,
          // A batch comes whole, also when it begins before what was asked for.
          records: messages
            .filter(({ offset, isControlRecord }) => Number(offset) >= from && !isControlRecord)
            .map(({ offset, timestamp, key, value, headers }) => ({
              topic: topic.name,
              partition,
              offset: Number(offset),
              time: Number(timestamp),
              key,
              value,
              unreadable: unreadableReason(headers),
              headers: Object.entries(headers ?? {}).flatMap(([name, values]) =>
                name === UNREADABLE
                  ? []
                  : [values ?? []].flat().map((header) => ({ name, value: Buffer.from(header) })),
              ),
            })),
        };
      });
  }

  async close(): Promise<void> {
    await this.#cluster.disconnect();
  }
}

function withLeader(topic: TopicInfo): { partition: number }[] {
  return topic.partitions.filter(({ leader }) => leader >= 0).map(({ id }) => ({ partition: id }));
}

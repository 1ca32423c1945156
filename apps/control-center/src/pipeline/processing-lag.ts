import {
  AvroDecoder,
  type ClusterReader,
  DLQ_HEADERS,
  headerOf,
  letterKey,
  type OffsetRange,
  type RawRecord,
  type TopicInfo,
} from "@pipeline/common";
import type { DeadLetters } from "../kafka/dead-letters";
import type { AvroValues } from "../messages/avro-values";

/** How the stream job signs its dead letters. */
const STREAM_STAGE = "stream";

/** Only the last record is wanted; its batch comes whole all the same. */
const FETCH_BYTES = 16 * 1024;

/** The newest record of a partition: the key its dead letter would have, and the version of the user in it. */
interface Head {
  letterKey: string;
  /** Microseconds since the epoch; null when it has none. */
  version: number | null;
}

/** The offsets of a topic's partitions. */
export type Ranges = ReadonlyMap<number, OffsetRange>;

/**
 * How many records of one topic are not in the topic made from it. Spark keeps no offsets in Kafka, so the records are
 * asked themselves: user and partition are the same in both topics, and the version of the newest processed user, a
 * time, tells where in the other topic the job stands. Exact when nothing waits; otherwise about right, as records that
 * were changed at that time may stand on either side.
 */
export class ProcessingLag {
  #asked = "";
  #lag: number | null = null;

  constructor(
    private readonly reader: ClusterReader,
    private readonly avro: AvroValues,
    private readonly deadLetters: DeadLetters,
  ) {}

  /** @returns null when the topics cannot be compared */
  async of(
    created: TopicInfo | undefined,
    processed: TopicInfo | undefined,
    ranges: ReadonlyMap<string, Ranges>,
  ): Promise<number | null> {
    if (!created || !processed || created.partitions.length !== processed.partitions.length) return null;
    // Nothing new anywhere: nothing to ask.
    const positions = [created, processed].map(({ name }) => [...(ranges.get(name) ?? [])]);
    const now = JSON.stringify([positions, this.deadLetters.position]);
    if (now === this.#asked) return this.#lag;
    const createdRanges: Ranges = ranges.get(created.name) ?? new Map<number, OffsetRange>();
    const [createdHeads, processedHeads] = await Promise.all([
      this.#heads(created, createdRanges),
      this.#heads(processed, ranges.get(processed.name)),
    ]);
    let lag = 0;
    for (const [partition, { first, next }] of createdRanges) {
      const newest = createdHeads.get(partition);
      const reached = processedHeads.get(partition)?.version;
      if (first === next || !newest) continue;
      const isSetAside = this.deadLetters.isOpen(newest.letterKey);
      if (isSetAside || (reached != null && newest.version !== null && reached >= newest.version)) continue;
      lag += next - (reached == null ? first : await this.#positionAt(created, partition, reached, next));
    }
    this.#asked = now;
    this.#lag = lag;
    return lag;
  }

  /** The offset after the records that were changed up to the version. */
  async #positionAt(topic: TopicInfo, partition: number, version: number, next: number): Promise<number> {
    const only = { ...topic, partitions: topic.partitions.filter(({ id }) => id === partition) };
    // The record itself came to Kafka at its version or a little later: it is the first that is found.
    const found = (await this.reader.offsetsAt(only, Math.floor(version / 1000))).get(partition);
    return found === undefined ? next : Math.min(found + 1, next);
  }

  async #heads(topic: TopicInfo, ranges: Ranges | undefined): Promise<Map<number, Head>> {
    const records = await this.#lastRecords(topic, ranges);
    const heads = records.map(
      async (record): Promise<[number, Head]> => [
        record.partition,
        {
          letterKey: letterKey(STREAM_STAGE, record, headerOf(record, DLQ_HEADERS.replay)?.toString()),
          version: await this.#versionOf(record),
        },
      ],
    );
    return new Map(await Promise.all(heads));
  }

  async #lastRecords(topic: TopicInfo, ranges: Ranges = new Map()): Promise<RawRecord[]> {
    const filled = [...ranges].filter(([, { first, next }]) => next > first);
    if (filled.length === 0) return [];
    const positions = new Map(filled.map(([partition, { next }]) => [partition, next - 1]));
    const fetched = await this.reader.fetch(topic, positions, { maxBytes: FETCH_BYTES, maxWaitMs: 0 });
    // More may have come since the offsets were asked: the one that was the last then.
    return fetched.flatMap(({ records }) => records[0] ?? []);
  }

  async #versionOf({ value }: RawRecord): Promise<number | null> {
    const id = AvroDecoder.schemaIdOf(value);
    if (value === null || id === undefined) return null;
    const decoded = await this.avro.decode(value, id).catch(() => undefined);
    const version = (decoded?.value as { version?: unknown } | undefined)?.version;
    return typeof version === "number" ? version : null;
  }
}

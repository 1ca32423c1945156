import type { ClusterReader, OffsetRange, RawRecord, TopicInfo } from "@pipeline/common";
import { NotFoundError } from "../errors";

/** Bytes asked of a partition at a time, and at most for one browse, so that memory stays bounded. */
const FETCH_BYTES = 512 * 1024;
const BROWSE_BYTES = 16 * 1024 * 1024;

/** Which records to read. */
export interface BrowseQuery {
  topic: string;
  /** One partition, or all. */
  partition?: number;
  /** At most so many records. */
  limit: number;
  /** The newest; those from an offset on; those from a time (milliseconds since the epoch) on. */
  from: { kind: "latest" } | { kind: "offset"; offset: number } | { kind: "time"; time: number };
  /** Which of them count; all unless told. */
  only?: (record: RawRecord) => boolean;
}

/** What a browse found. */
export interface BrowseResult {
  /** The newest first for `latest`, otherwise the oldest first. */
  records: RawRecord[];
  /** Whether reading stopped at the limit on bytes. */
  cut: boolean;
  /** How many records the partitions that were asked about hold. */
  total: number;
}

/**
 * Reads some records of a topic and leaves no trace: see {@link ClusterReader}.
 *
 * @throws NotFoundError when there is no such topic or partition
 */
export async function browse(reader: ClusterReader, query: BrowseQuery): Promise<BrowseResult> {
  const topic = await reader.topic(query.topic);
  if (!topic) throw new NotFoundError(`there is no topic ${query.topic}`);
  const ranges = (await reader.offsets([topic])).get(topic.name) ?? new Map<number, OffsetRange>();
  if (query.partition !== undefined) {
    const range = ranges.get(query.partition);
    if (!range)
      throw new NotFoundError(`topic ${query.topic} has no partition ${query.partition} with a leader`);
    ranges.clear();
    ranges.set(query.partition, range);
  }
  const starts = await startsOf(reader, topic, ranges, query);
  const { records, cut } = await readForward(reader, topic, ranges, starts, query);
  const newestFirst = query.from.kind === "latest";
  const order = (a: RawRecord, b: RawRecord) =>
    a.time - b.time || a.partition - b.partition || a.offset - b.offset;
  records.sort((a, b) => (newestFirst ? order(b, a) : order(a, b)));
  const total = [...ranges.values()].reduce((sum, { first, next }) => sum + next - first, 0);
  return { records: records.slice(0, query.limit), cut, total };
}

/** Where to begin in each partition; without an entry there is nothing to read. */
async function startsOf(
  reader: ClusterReader,
  topic: TopicInfo,
  ranges: ReadonlyMap<number, OffsetRange>,
  { from, limit }: BrowseQuery,
): Promise<Map<number, number>> {
  const times = from.kind === "time" ? await reader.offsetsAt(topic, from.time) : undefined;
  const starts = new Map<number, number>();
  for (const [partition, { first, next }] of ranges) {
    const wanted =
      from.kind === "latest"
        ? next - limit
        : from.kind === "offset"
          ? from.offset
          : (times?.get(partition) ?? next);
    const start = Math.max(first, wanted);
    if (start < next) starts.set(partition, start);
  }
  return starts;
}

/** Reads up to `limit` records of each partition, and none that came after the ranges were asked. */
async function readForward(
  reader: ClusterReader,
  topic: TopicInfo,
  ranges: ReadonlyMap<number, OffsetRange>,
  starts: Map<number, number>,
  { limit, only = () => true }: BrowseQuery,
): Promise<Pick<BrowseResult, "records" | "cut">> {
  const found = new Map<number, RawRecord[]>([...starts.keys()].map((partition) => [partition, []]));
  let bytes = 0;
  while (starts.size > 0 && bytes < BROWSE_BYTES) {
    for (const fetched of await reader.fetch(topic, starts, { maxBytes: FETCH_BYTES, maxWaitMs: 200 })) {
      const records = found.get(fetched.partition)!;
      const end = ranges.get(fetched.partition)!.next;
      for (const record of fetched.records) {
        if (record.offset >= end || records.length >= limit) break;
        if (only(record)) records.push(record);
        bytes += record.value?.length ?? 0;
      }
      const stuck = fetched.position === starts.get(fetched.partition);
      if (stuck || fetched.position >= end || records.length >= limit) starts.delete(fetched.partition);
      else starts.set(fetched.partition, fetched.position);
    }
  }
  return { records: [...found.values()].flat(), cut: starts.size > 0 };
}

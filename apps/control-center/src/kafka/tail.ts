import {
  type ClusterReader,
  type Logger,
  pause,
  type RawRecord,
  reasonOf,
  type TopicInfo,
} from "@pipeline/common";

const FETCH_BYTES = 256 * 1024;
const MAX_WAIT_MS = 500;
const PAUSE_AFTER_ERROR_MS = 2_000;
/** More than this between two fetches nobody can read: the older ones are skipped. */
const RECORDS_PER_ROUND = 50;
/** Between two rounds, so that a busy topic does not keep the process busy. */
const PAUSE_BETWEEN_ROUNDS_MS = 250;

/** What happens while a topic is watched. */
export type TailEvent =
  | { kind: "records"; records: RawRecord[]; skipped: number }
  | { kind: "problem"; reason: string };

type Watcher = (event: TailEvent) => void;

/** Follows topics for those who watch: one reading loop per topic, however many watch, and none when nobody does. */
export class Tails {
  readonly #watchers = new Map<string, Set<Watcher>>();

  /** @param reader not shared with others: its requests wait for new records */
  constructor(
    private readonly reader: ClusterReader,
    private readonly logger: Logger,
    private readonly stopping: AbortSignal,
  ) {}

  /** Tells the watcher of every record from now on, until the returned function is called. */
  watch(topic: string, watcher: Watcher): () => void {
    const watchers = this.#watchers.get(topic) ?? new Set<Watcher>();
    watchers.add(watcher);
    if (!this.#watchers.has(topic)) {
      this.#watchers.set(topic, watchers);
      void this.#follow(topic, watchers);
    }
    return () => void watchers.delete(watcher);
  }

  async #follow(name: string, watchers: Set<Watcher>): Promise<void> {
    const tell = (event: TailEvent) => watchers.forEach((watcher) => watcher(event));
    let topic: TopicInfo | undefined;
    let positions = new Map<number, number>();
    while (watchers.size > 0 && !this.stopping.aborted) {
      try {
        if (!topic) {
          topic = await this.reader.topic(name);
          if (!topic) throw new Error(`there is no topic ${name}`);
          if (positions.size === 0) positions = await this.#ends(topic);
        }
        const round = await this.#round(topic, positions);
        if (round.records.length > 0) tell({ kind: "records", ...round });
        await pause(PAUSE_BETWEEN_ROUNDS_MS, this.stopping);
      } catch (error) {
        if (this.stopping.aborted) break;
        topic = undefined;
        this.logger.debug({ err: error, topic: name }, "cannot follow the topic");
        tell({ kind: "problem", reason: reasonOf(error) });
        await pause(PAUSE_AFTER_ERROR_MS, this.stopping).catch(() => {});
      }
    }
    this.#watchers.delete(name);
  }

  async #ends(topic: TopicInfo): Promise<Map<number, number>> {
    const ranges = (await this.reader.offsets([topic])).get(topic.name);
    return new Map([...(ranges ?? [])].map(([partition, { next }]) => [partition, next]));
  }

  async #round(
    topic: TopicInfo,
    positions: Map<number, number>,
  ): Promise<{ records: RawRecord[]; skipped: number }> {
    const records: RawRecord[] = [];
    let skipped = 0;
    const limits = { maxBytes: FETCH_BYTES, maxWaitMs: MAX_WAIT_MS };
    for (const fetched of await this.reader.fetch(topic, positions, limits)) {
      const { partition, next, position } = fetched;
      const kept = fetched.records.slice(-RECORDS_PER_ROUND);
      const from = Math.max(position, next - RECORDS_PER_ROUND);
      skipped += fetched.records.length - kept.length + (from - position);
      positions.set(partition, from);
      records.push(...kept);
    }
    records.sort((a, b) => a.time - b.time);
    const shown = records.slice(-RECORDS_PER_ROUND);
    return { records: shown, skipped: skipped + records.length - shown.length };
  }
}

import {
  type ClusterReader,
  type DeadLetter,
  entryOf,
  LetterLedger,
  type OffsetRange,
  readLetter,
  type TopicInfo,
} from "@pipeline/common";
import { browse } from "./browse";

/** The topic has one partition: letters are few, and offsets name them. */
const PARTITION = 0;
const FETCH_LIMITS = { maxBytes: 512 * 1024, maxWaitMs: 200 };
/** A topic full of letters must not hold up what else is sampled. */
const FETCHES_AT_A_TIME = 32;

/** Follows the topic of dead letters and keeps track of the open ones: set aside, and not replayed since. */
export class DeadLetters {
  #ledger = new LetterLedger();
  #range: OffsetRange | undefined;
  #position = 0;

  constructor(
    private readonly reader: ClusterReader,
    private readonly topic: string,
  ) {}

  /** Reads on, up to the end unless that is far away. */
  async follow(topic: TopicInfo | undefined, range: OffsetRange | undefined): Promise<void> {
    if (!topic || !range) return;
    // Letters were removed, or the topic was recreated.
    if (range.first !== this.#range?.first || range.next < this.#position) {
      this.#ledger = new LetterLedger();
      this.#position = range.first;
    }
    this.#range = range;
    for (let fetches = 0; this.#position < range.next && fetches < FETCHES_AT_A_TIME; fetches++) {
      const [fetched] = await this.reader.fetch(topic, new Map([[PARTITION, this.#position]]), FETCH_LIMITS);
      if (!fetched || fetched.position === this.#position) return;
      fetched.records.forEach((record) => this.#ledger.note(record));
      this.#position = fetched.position;
    }
  }

  /** The offset it has read up to. */
  get position(): number {
    return this.#position;
  }

  /** How many letters there are, and how many of them are open; null while they are not all read. */
  get counts(): { total: number; open: number } | null {
    if (!this.#range || this.#position < this.#range.next) return null;
    const { total, open } = this.#ledger;
    return { total, open };
  }

  /** Whether there is an open letter with this key. */
  isOpen(key: string): boolean {
    return this.#ledger.isOpen(key);
  }

  /**
   * The newest letters, the newest first.
   *
   * @throws NotFoundError when there is no such topic
   */
  async newest(limit: number): Promise<DeadLetter[]> {
    const first = this.#ledger.newestOffsets(limit).at(-1) ?? this.#position;
    const { records } = await browse(this.reader, {
      topic: this.topic,
      partition: PARTITION,
      limit,
      from: { kind: "offset", offset: first },
      only: (record) => this.#ledger.isNewest(entryOf(record)),
    });
    return records.map(readLetter).reverse();
  }
}

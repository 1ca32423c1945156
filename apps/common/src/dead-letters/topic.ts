import type { Producer, ProducerRecord } from "kafkajs";
import type { ClusterReader, RawRecord } from "../cluster-reader";
import { reasonOf } from "../logging";
import type { DeadLetter } from "./dead-letter";
import { DLQ_HEADERS } from "./headers";
import { LetterLedger } from "./ledger";
import { entryOf, headerOf, readLetter } from "./read";

const FETCH_LIMITS = { maxBytes: 512 * 1024, maxWaitMs: 1_000 };

/** Outcome of a replay of letters. */
export interface ReplayOutcome {
  sent: DeadLetter[];
  /** Those that Kafka did not take, with the reason; they stay open. */
  failed: { letter: DeadLetter; reason: string }[];
}

/** The topic of dead letters, read as a whole. */
export class DeadLetterTopic {
  constructor(
    private readonly reader: ClusterReader,
    private readonly name: string,
  ) {}

  /**
   * The open letters, the oldest first.
   *
   * @throws when there is no such topic, or it cannot be read
   */
  async open(): Promise<DeadLetter[]> {
    const ledger = new LetterLedger();
    const letters = new Map<string, DeadLetter>();
    for await (const records of this.#read(0)) {
      for (const record of records) {
        ledger.note(record);
        if (entryOf(record).kind === "marker") continue;
        const letter = readLetter(record);
        letters.set(letter.key, letter);
      }
    }
    return [...letters.values()]
      .filter(({ key }) => ledger.isOpen(key))
      .sort((a, b) => a.partition - b.partition || a.offset - b.offset);
  }

  /**
   * Sends the records of letters to the topics they came from, so that the stage that failed reads them again, then
   * notes it with a marker for each. What was sent and not yet noted when this is interrupted is sent once more the
   * next time, which changes nothing: versions decide.
   *
   * @param letters open ones
   * @param producer connected; must not create topics, and must choose partitions by key
   */
  async replay(letters: readonly DeadLetter[], producer: Producer): Promise<ReplayOutcome> {
    const outcome: ReplayOutcome = { sent: [], failed: [] };
    const wanted = new Map(letters.map((letter) => [`${letter.partition}/${letter.offset}`, letter]));
    const first = Math.min(...letters.map(({ offset }) => offset));
    for await (const records of this.#read(first)) {
      const sent: RawRecord[] = [];
      const send = async (record: RawRecord) => {
        const letter = wanted.get(`${record.partition}/${record.offset}`);
        if (!letter) return;
        try {
          await producer.send(replayOf(record));
          sent.push(record);
          outcome.sent.push(letter);
        } catch (error) {
          outcome.failed.push({ letter, reason: reasonOf(error) });
        }
      };
      // Each for itself: one that is too large for its topic does not hold back the others. One after the other: beside a letter
      // whose topic is unknown, kafkajs refuses letters of other topics, too, because all share one request for metadata.
      for (const record of records) await send(record);
      if (sent.length > 0) {
        await producer.send({ topic: this.name, acks: -1, messages: sent.map(markerOf) });
      }
    }
    return outcome;
  }

  /** Everything from an offset up to where the topic ends now, one fetch after the other. */
  async *#read(from: number): AsyncGenerator<RawRecord[]> {
    const topic = await this.reader.topic(this.name);
    if (!topic) throw new Error(`there is no topic ${this.name}`);
    const ranges = (await this.reader.offsets([topic])).get(topic.name) ?? new Map<number, never>();
    const positions = new Map<number, number>();
    for (const [partition, { first, next }] of ranges) {
      if (Math.max(first, from) < next) positions.set(partition, Math.max(first, from));
    }
    while (positions.size > 0) {
      for (const fetched of await this.reader.fetch(topic, positions, FETCH_LIMITS)) {
        const { partition, position } = fetched;
        const { next } = ranges.get(partition)!;
        if (position === positions.get(partition)) {
          throw new Error(`${this.name} cannot be read beyond offset ${position}`);
        }
        yield fetched.records.filter(({ offset }) => offset < next);
        if (position < next) positions.set(partition, position);
        else positions.delete(partition);
      }
    }
  }
}

/** A letter's record as it was, with the letter's key in a header. */
function replayOf(letter: RawRecord): ProducerRecord {
  const topic = headerOf(letter, DLQ_HEADERS.topic)?.toString();
  if (topic === undefined || !letter.key) throw new Error("the letter does not say where it came from");
  const key = headerOf(letter, DLQ_HEADERS.key) ?? null;
  const headers = { [DLQ_HEADERS.replay]: letter.key };
  return { topic, acks: -1, messages: [{ key, value: letter.value, headers }] };
}

/** The marker that records the replay of a letter. */
function markerOf({ partition, key, offset }: RawRecord) {
  return { partition, key, value: null, headers: { [DLQ_HEADERS.replayed]: String(offset) } };
}

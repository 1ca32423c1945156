import type { Message, Producer } from "kafkajs";
import type { ClusterReader, RawRecord } from "../cluster-reader";
import { reasonOf } from "../logging";
import type { DeadLetter } from "./dead-letter";
import { DLQ_HEADERS } from "./headers";
import { LetterLedger } from "./ledger";
import { entryOf, headerOf, readLetter } from "./read";

const FETCH_LIMITS = { maxBytes: 512 * 1024, maxWaitMs: 1_000 };

/** Letters that Kafka did not take of which the reason is kept: the others usually have the same. */
const KEPT_FAILURES = 50;

/** Outcome of a replay of letters. */
export interface ReplayOutcome {
  /** How many were sent, by the topic they came from. */
  sent: Map<string, number>;
  /** How many Kafka did not take; they stay open. */
  failed: number;
  /** The first of those that failed, with the reasons. */
  failures: { letter: DeadLetter; reason: string }[];
}

/** The topic of dead letters. It is read as a stream, as it may hold millions. */
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
  async *open(): AsyncGenerator<DeadLetter> {
    for await (const records of this.#openRecords()) yield* records.map(readLetter);
  }

  /** How many letters are open. */
  async countOpen(): Promise<number> {
    return (await this.#ledger()).open;
  }

  /**
   * Sends the records of open letters to the topics they came from, so that the stage that failed reads them again, then
   * notes it with a marker for each. What was sent and not yet noted when this is interrupted is sent once more the
   * next time, which changes nothing: versions decide.
   *
   * @param isChosen which letters
   * @param producer connected; must not create topics, and must choose partitions by key
   * @param onProgress called now and then with the outcome so far
   */
  async replay(
    isChosen: (letter: DeadLetter) => boolean,
    producer: Producer,
    onProgress: (outcome: ReplayOutcome) => void = () => {},
  ): Promise<ReplayOutcome> {
    const outcome: ReplayOutcome = { sent: new Map(), failed: 0, failures: [] };
    for await (const records of this.#openRecords()) {
      const sent: RawRecord[] = [];
      const chosen = records.filter((record) => isChosen(readLetter(record)));
      // One topic after the other: beside a letter whose topic is unknown, kafkajs refuses letters of other topics, too, because
      // all share one request for metadata.
      for (const [topic, letters] of byTopic(chosen)) {
        for await (const result of sendEach(topic, letters, producer)) {
          if (result.reason === undefined) {
            sent.push(result.record);
            outcome.sent.set(topic!, (outcome.sent.get(topic!) ?? 0) + 1);
          } else {
            outcome.failed++;
            const failure = { letter: readLetter(result.record), reason: result.reason };
            if (outcome.failures.length < KEPT_FAILURES) outcome.failures.push(failure);
          }
        }
      }
      if (sent.length > 0) {
        await producer.send({ topic: this.name, acks: -1, messages: sent.map(markerOf) });
      }
      onProgress(outcome);
    }
    return outcome;
  }

  /** The records of the open letters, the oldest first: reads the topic to learn which are open, then once more. */
  async *#openRecords(): AsyncGenerator<RawRecord[]> {
    const ledger = await this.#ledger();
    if (ledger.open === 0) return;
    for await (const records of this.#read()) {
      yield records.filter((record) => {
        const entry = entryOf(record);
        return ledger.isNewest(entry) && ledger.isOpen(entry.key);
      });
    }
  }

  async #ledger(): Promise<LetterLedger> {
    const ledger = new LetterLedger();
    for await (const records of this.#read()) records.forEach((record) => ledger.note(record));
    return ledger;
  }

  /** Everything up to where the topic ends now, one fetch after the other. */
  async *#read(): AsyncGenerator<RawRecord[]> {
    const topic = await this.reader.topic(this.name);
    if (!topic) throw new Error(`there is no topic ${this.name}`);
    const ranges = (await this.reader.offsets([topic])).get(topic.name) ?? new Map<number, never>();
    const positions = new Map<number, number>();
    for (const [partition, { first, next }] of ranges) {
      if (first < next) positions.set(partition, first);
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

/** Letters by the topic they came from; undefined for those that do not say. */
function byTopic(letters: readonly RawRecord[]): Map<string | undefined, RawRecord[]> {
  const groups = new Map<string | undefined, RawRecord[]>();
  for (const letter of letters) {
    const topic = letter.key ? headerOf(letter, DLQ_HEADERS.topic)?.toString() : undefined;
    const group = groups.get(topic);
    if (group) group.push(letter);
    else groups.set(topic, [letter]);
  }
  return groups;
}

/**
 * Sends the records of letters to their topic: in one request, or each by itself if that fails, so that one that is too large
 * does not hold back the others.
 * @returns each record, with the reason if Kafka did not take it
 */
async function* sendEach(
  topic: string | undefined,
  letters: readonly RawRecord[],
  producer: Producer,
): AsyncGenerator<{ record: RawRecord; reason?: string }> {
  if (topic === undefined) {
    for (const record of letters) yield { record, reason: "the letter does not say where it came from" };
    return;
  }
  try {
    await producer.send({ topic, acks: -1, messages: letters.map(replayOf) });
    for (const record of letters) yield { record };
  } catch (error) {
    if (letters.length === 1) yield { record: letters[0]!, reason: reasonOf(error) };
    else for (const record of letters) yield* sendEach(topic, [record], producer);
  }
}

/** A letter's record as it was, with the letter's key in a header. */
function replayOf(letter: RawRecord): Message {
  const key = headerOf(letter, DLQ_HEADERS.key) ?? null;
  return { key, value: letter.value, headers: { [DLQ_HEADERS.replay]: letter.key! } };
}

/** The marker that records the replay of a letter. */
function markerOf({ partition, key, offset }: RawRecord) {
  return { partition, key, value: null, headers: { [DLQ_HEADERS.replayed]: String(offset) } };
}

import { isUndecodable, type Logger, type Readiness, retry, unreadableReason } from "@pipeline/common";
import type { DeadLetters, SourceRecord } from "./dead-letters";
import { describeError, PermanentError } from "./errors";
import { KeySerial } from "./key-serial";
import type { SinkMetrics } from "./metrics";
import type { RecordKind } from "./record-kinds";

/** What the sink depends on. */
export type Dependency = "kafka" | "schema-registry" | "cassandra";

/** Pauses between attempts while something is away. */
export const PATIENCE = { initialDelayMs: 100, maxDelayMs: 5_000 };

/** What is left to do with a record that was read. Rejects with the signal's reason when that is aborted first. */
export type Task = (signal: AbortSignal) => Promise<void>;

/**
 * Brings records to their end: stored in Cassandra, or a dead letter in Kafka when that can never be. What fails for
 * another reason (Cassandra, the registry or Kafka away, a missing table, no permission) is tried again, with growing
 * pauses, for as long as it takes, while the readiness tells why.
 */
export class Storer {
  readonly #serial = new KeySerial();

  constructor(
    private readonly options: {
      /** By topic. */
      kinds: ReadonlyMap<string, RecordKind>;
      deadLetters: DeadLetters;
      readiness: Readiness<Dependency>;
      metrics: SinkMetrics;
      logger: Logger;
    },
  ) {}

  /**
   * Decodes and validates a record. The returned task stores it; tasks of the same key run one after the other, in the
   * order they are started.
   *
   * @throws the signal's reason when it is aborted before the record could be read
   */
  async read(record: SourceRecord, signal: AbortSignal): Promise<Task> {
    const kind = this.options.kinds.get(record.topic);
    if (!kind) throw new Error(`topic ${record.topic} is not one of the sink's`);
    try {
      const decoded = await this.#persist("schema-registry", () => decode(kind, record), signal);
      const value = kind.parse(decoded, record.receivedAt);
      return (signal) => this.#serial.run(kind.keyOf(value), () => this.#store(kind, value, record, signal));
    } catch (error) {
      if (!(error instanceof PermanentError)) throw error;
      return (signal) => this.#discard(record, error, signal);
    }
  }

  async #store(kind: RecordKind, value: unknown, record: SourceRecord, signal: AbortSignal): Promise<void> {
    const { metrics } = this.options;
    let isNew: boolean;
    try {
      isNew = await this.#persist("cassandra", () => kind.write(value), signal);
    } catch (error) {
      if (!(error instanceof PermanentError)) throw error;
      return this.#discard(record, error, signal);
    }
    if (!isNew) {
      metrics.outdated.inc({ topic: record.topic });
      return;
    }
    for (const table of kind.tables) metrics.stored.inc({ table });
    const now = Date.now();
    metrics.lastStored.set(now / 1000);
    const stagedAt = kind.stagedAt?.(value);
    if (stagedAt !== undefined) metrics.delay.observe(Math.max(0, now - stagedAt) / 1000);
  }

  async #discard(record: SourceRecord, error: PermanentError, signal: AbortSignal): Promise<void> {
    const { deadLetters, metrics, logger } = this.options;
    await this.#persist("kafka", () => deadLetters.send(record, error), signal);
    metrics.deadLetters.inc({ class: error.errorClass });
    const { topic, partition, offset } = record;
    logger.warn(
      { topic, partition, offset, class: error.errorClass, reason: error.message },
      "record cannot be stored, written as a dead letter",
    );
  }

  /** Repeats an operation until it succeeds or fails for good; the readiness follows. */
  async #persist<T>(dependency: Dependency, operation: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const { readiness } = this.options;
    const result = await retry(operation, {
      ...PATIENCE,
      signal,
      isRetryable: (error) => !(error instanceof PermanentError),
      onFailure: (error) => readiness.down(dependency, describeError(error)),
    });
    readiness.up(dependency);
    return result;
  }
}

async function decode(kind: RecordKind, { value, headers }: SourceRecord): Promise<unknown> {
  const unreadable = unreadableReason(headers);
  if (unreadable !== undefined) throw new PermanentError("decode", unreadable);
  if (!value) throw new PermanentError("decode", "no value");
  try {
    return await kind.decoder.decode(value);
  } catch (error) {
    if (isUndecodable(error)) throw new PermanentError("decode", error.message, { cause: error });
    throw error;
  }
}

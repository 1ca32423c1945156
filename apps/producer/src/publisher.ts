import {
  type AvroEncoder,
  EncodeError,
  type Logger,
  pause,
  reasonOf,
  retry,
  type UserCreated,
} from "@pipeline/common";
import { type Kafka, Partitioners, type Producer } from "kafkajs";
import type { ProducerReadiness } from "./dependencies";
import type { ProducerMetrics } from "./metrics";
import { Budget, type Limits } from "./row-queue";
import { isComplete, toUserCreated, type UserRow } from "./rows";
import type { Staging } from "./staging";

/**
 * What goes to Kafka at once. The bytes stay well below the 1 MiB a broker takes by default for the records of one
 * partition; a row that is larger goes alone and the broker decides.
 */
export const SEND_LIMITS: Limits = { rows: 1000, bytes: 512 * 1024 };
/**
 * A record beyond this is not sent at all: a broker drops the connection of a request above its
 * `socket.request.max.bytes` (100 MiB) without saying why, which would look like an outage.
 */
const MAX_RECORD_BYTES = 64 * 1024 * 1024;
/** What a broker answers to records it will never take. */
const TOO_LARGE = ["MESSAGE_TOO_LARGE", "RECORD_LIST_TOO_LARGE"];
/** Longest wait between two attempts, milliseconds. */
const MAX_RETRY_DELAY = 2_000;
/** How often an idle publisher looks whether Kafka is there, milliseconds. */
const WATCH_INTERVAL = 5_000;

interface RowToPublish {
  row: UserRow;
  /** Size, for limits. */
  bytes: number;
  /** Time of its transaction's commit, milliseconds since the epoch; absent when the row is republished. */
  committed?: number;
}

interface EncodedRow extends RowToPublish {
  value: Buffer;
}

interface UnfitRow extends RowToPublish {
  /** Why it can never be published. */
  rejected: string;
}

/** A row encoded for Kafka, or with the reason why it never can be. */
export type PreparedRow = EncodedRow | UnfitRow;

/** Dependencies of a {@link Publisher}. */
export interface PublisherOptions {
  kafka: Kafka;
  topic: string;
  encoder: AvroEncoder<UserCreated>;
  staging: Staging;
  metrics: ProducerMetrics;
  readiness: ProducerReadiness;
  logger: Logger;
}

/**
 * Publishes rows in order, one request at a time: with more in flight, or with kafkajs's idempotent producer, which its
 * authors call experimental, a retry could put an older version of a user behind a newer one.
 */
export class Publisher {
  #producer: Promise<Producer> | undefined;
  #sending = false;

  constructor(private readonly options: PublisherOptions) {}

  /** Encodes a row. Never throws: a row that does not fit carries the reason. */
  prepare(row: UserRow, committed?: number): PreparedRow {
    try {
      if (!isComplete(row))
        throw new EncodeError("the row was deleted before its large values could be read");
      const value = this.options.encoder.encode(toUserCreated(row));
      if (value.length > MAX_RECORD_BYTES)
        throw new EncodeError(`${value.length} bytes are more than Kafka can take`);
      return { row, bytes: value.length, value, committed };
    } catch (error) {
      if (!(error instanceof EncodeError)) throw error;
      return { row, bytes: JSON.stringify(row).length, rejected: error.message, committed };
    }
  }

  /**
   * Publishes rows; those that never can be go to staging.rejected. Settles once each is in one of the two places and
   * tries until then, however long Kafka or PostgreSQL are away.
   *
   * @throws the signal's reason when aborted before; an attempt that has begun is still finished
   */
  async publish(rows: PreparedRow[], signal: AbortSignal): Promise<void> {
    const sendable: EncodedRow[] = [];
    for (const row of rows) {
      if ("rejected" in row) await this.#reject(row.row, row.rejected, signal);
      else sendable.push(row);
    }
    for (const part of split(sendable, SEND_LIMITS)) await this.#send(part, signal);
  }

  /** Connects, then looks every few seconds whether Kafka and the topic are there, so that readiness also knows while idle. */
  async watch(signal: AbortSignal): Promise<void> {
    const { kafka, topic, readiness } = this.options;
    // Looks once each time: the loop is the retry.
    const admin = kafka.admin({ retry: { retries: 0 } });
    while (!signal.aborted) {
      try {
        await admin.connect();
        await admin.fetchTopicMetadata({ topics: [topic] });
        await this.#connected();
        if (!this.#sending) readiness.up("kafka");
      } catch (error) {
        readiness.down("kafka", reasonOf(error));
      }
      await pause(WATCH_INTERVAL, signal).catch(() => {});
    }
    await admin.disconnect();
  }

  async disconnect(): Promise<void> {
    const producer = this.#producer;
    this.#producer = undefined;
    await (await producer)?.disconnect();
  }

  async #send(rows: EncodedRow[], signal: AbortSignal): Promise<void> {
    const { readiness, metrics, logger } = this.options;
    this.#sending = true;
    try {
      await retry(() => this.#sendOnce(rows), {
        signal,
        maxDelayMs: MAX_RETRY_DELAY,
        isRetryable: (error) => !isTooLarge(error),
        onFailure: (err, attempt) => {
          readiness.down("kafka", reasonOf(err));
          logger.debug({ err, rows: rows.length, attempt }, "cannot publish, retrying");
        },
      });
    } catch (error) {
      if (!isTooLarge(error)) throw error;
      if (rows.length === 1) {
        const [row] = rows as [EncodedRow];
        return await this.#reject(row.row, `${row.bytes} bytes are more than the topic takes`, signal);
      }
      const middle = Math.ceil(rows.length / 2);
      await this.#send(rows.slice(0, middle), signal);
      return await this.#send(rows.slice(middle), signal);
    } finally {
      this.#sending = false;
    }
    readiness.up("kafka");
    metrics.published.inc(rows.length);
    metrics.batchRows.observe(rows.length);
    const now = Date.now();
    for (const { committed } of rows) {
      if (committed !== undefined) metrics.publishDelay.observe(Math.max(0, now - committed) / 1000);
    }
  }

  async #sendOnce(rows: EncodedRow[]): Promise<void> {
    try {
      const producer = await this.#connected();
      await producer.send({
        topic: this.options.topic,
        acks: -1,
        messages: rows.map(({ row, value }) => ({ key: row.id!, value })),
      });
    } catch (error) {
      // A new client beats waiting for this one to find its way back.
      if (!isTooLarge(error)) await this.disconnect().catch(() => {});
      throw error;
    }
  }

  async #connected(): Promise<Producer> {
    this.#producer ??= this.#connect();
    try {
      return await this.#producer;
    } catch (error) {
      this.#producer = undefined;
      throw error;
    }
  }

  async #connect(): Promise<Producer> {
    const producer = this.options.kafka.producer({
      allowAutoTopicCreation: false,
      maxInFlightRequests: 1,
      // Each attempt is ours to repeat, with a new client, and to tell.
      retry: { retries: 0 },
      createPartitioner: Partitioners.DefaultPartitioner,
    });
    await producer.connect();
    return producer;
  }

  async #reject(row: UserRow, reason: string, signal: AbortSignal): Promise<void> {
    const { staging, metrics, logger } = this.options;
    const ids = { id: row.id, version: row.version };
    await retry(() => staging.reject(row, reason), {
      signal,
      onFailure: (err, attempt) => logger.warn({ err, ...ids, attempt }, "cannot set a row aside, retrying"),
    });
    metrics.rejected.inc();
    logger.warn({ ...ids, reason }, "row cannot be published, set aside in staging.rejected");
  }
}

/** Cuts rows into parts within the limits, each of at least one row. */
function split<R extends { bytes: number }>(rows: R[], limits: Limits): R[][] {
  const parts: R[][] = [];
  let budget: Budget | undefined;
  for (const row of rows) {
    if (!budget?.admits(row.bytes)) {
      parts.push([]);
      budget = new Budget(limits);
      budget.admits(row.bytes);
    }
    parts.at(-1)!.push(row);
  }
  return parts;
}

/** kafkajs wraps what a broker answered in up to three errors. */
function isTooLarge(error: unknown): boolean {
  for (let e = error; e instanceof Error; e = e.cause) {
    if (TOO_LARGE.includes((e as Error & { type?: string }).type ?? "")) return true;
  }
  return false;
}

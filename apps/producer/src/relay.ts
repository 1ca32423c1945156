import { backoffDelay, type Logger, pause, reasonOf } from "@pipeline/common";
import type { ClientConfig } from "pg";
import type { ProducerReadiness } from "./dependencies";
import type { ProducerMetrics } from "./metrics";
import { type PreparedRow, type Publisher, SEND_LIMITS } from "./publisher";
import { recordPublished } from "./publish-record";
import { RowQueue } from "./row-queue";
import { isComplete, type UserRow } from "./rows";
import { ensureSlot } from "./slot";
import { SlotStream } from "./slot-stream";
import type { Staging } from "./staging";

/** Limits of the buffer between PostgreSQL and Kafka. */
const CAPACITY = { rows: 5_000, bytes: 16 * 1024 * 1024 };
/** Longest wait between two attempts to connect, milliseconds. */
const MAX_RECONNECT_DELAY = 5_000;

/** Dependencies of a {@link Relay}. */
export interface RelayOptions {
  connection: ClientConfig;
  slot: string;
  publication: string;
  publisher: Publisher;
  staging: Staging;
  metrics: ProducerMetrics;
  readiness: ProducerReadiness;
  logger: Logger;
}

/**
 * Carries what is committed in staging.users to Kafka. The slot is the one record of what is published: a transaction is
 * confirmed when Kafka has acknowledged every row of it (or it is set aside), so a crash repeats rows but loses none.
 */
export class Relay {
  /** Rows that came through the slot and are published. */
  #published = 0;

  constructor(private readonly options: RelayOptions) {}

  /**
   * Works until the signal is aborted, connecting again as often as needed. Then finishes and confirms the batch that is
   * on its way; what was read ahead stays in the slot.
   */
  async run(signal: AbortSignal): Promise<void> {
    const { readiness, logger } = this.options;
    let failures = 0;
    while (!signal.aborted) {
      try {
        await this.#follow(signal, () => {
          failures = 0;
          readiness.up("postgres");
        });
      } catch (err) {
        if (signal.aborted) return;
        failures += 1;
        readiness.down("postgres", reasonOf(err));
        logger.debug({ err, failures }, "cannot follow the slot, retrying");
        await pause(backoffDelay(failures, 200, MAX_RECONNECT_DELAY), signal).catch(() => {});
      }
    }
  }

  /** One connection's life. */
  async #follow(stopping: AbortSignal, onStart: () => void): Promise<void> {
    const { connection, slot, publication, publisher, staging, metrics, readiness, logger } = this.options;
    const confirmed = await ensureSlot({
      connection,
      slot,
      publication,
      logger,
      onRebuild: () => {
        metrics.rebuilds.inc();
        readiness.down("postgres", "the slot is missing or lost: republishing the whole table");
      },
      onRepublish: (rows) => metrics.republished.inc(rows),
      publish: (rows) =>
        publisher.publish(
          rows.map((row) => publisher.prepare(row)),
          stopping,
        ),
      signal: stopping,
    });
    const queue = new RowQueue<PreparedRow>(CAPACITY);
    const stream = new SlotStream(connection, slot, publication, confirmed, {
      onStart,
      onRow: async (row, committed) => queue.addRow(publisher.prepare(await this.#completed(row), committed)),
      onCommit: (end) => queue.addCommit(end),
      isIdle: () => queue.isDone,
    });
    const session = new AbortController();
    const ending = AbortSignal.any([stopping, session.signal]);
    const ended = new Promise<void>((resolve) =>
      ending.addEventListener("abort", () => resolve(), { once: true }),
    );
    const publishing = this.#publish(queue, stream, ending);
    const published = () => this.#published;
    const recording = recordPublished({ slot, stream, staging, published, logger }, ending);
    try {
      await Promise.race([stream.run(), publishing, ended]);
    } finally {
      queue.close();
      session.abort();
      // Only when the last batch is in Kafka, or given up, may another connection begin: order per user.
      await publishing.catch(() => {});
      await recording;
      await stream.close();
    }
  }

  async #publish(queue: RowQueue<PreparedRow>, stream: SlotStream, signal: AbortSignal): Promise<void> {
    for (;;) {
      const batch = await queue.take(SEND_LIMITS);
      if (!batch) return;
      await this.options.publisher.publish(batch.rows, signal);
      this.#published += batch.rows.length;
      if (batch.confirm !== undefined) stream.confirm(batch.confirm);
    }
  }

  /**
   * Reads the current row when an update leaves out large values (TOAST) that it did not change. The current row may
   * have a later version, which is then published twice.
   */
  async #completed(row: UserRow): Promise<UserRow> {
    return isComplete(row) ? row : ((await this.options.staging.user(row.id!)) ?? row);
  }
}

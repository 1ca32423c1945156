import { setImmediate } from "node:timers/promises";
import type { Lsn } from "./lsn";

/** What {@link RowQueue.take} hands out. */
export interface Batch<R> {
  rows: R[];
  /** Confirm up to here once every row of this and the former batches is published; absent when no transaction ends. */
  confirm?: Lsn;
}

/** Most rows and bytes of something. */
export interface Limits {
  rows: number;
  bytes: number;
}

/** Counts what goes into one batch. */
export class Budget {
  #rows = 0;
  #bytes = 0;

  constructor(private readonly limits: Limits) {}

  /** Whether another row of this size still fits; if so it counts. The first one always does. */
  admits(bytes: number): boolean {
    if (this.#rows > 0 && (this.#rows >= this.limits.rows || this.#bytes + bytes > this.limits.bytes))
      return false;
    this.#rows += 1;
    this.#bytes += bytes;
    return true;
  }
}

/**
 * Rows in flight from PostgreSQL to Kafka, in order, with the ends of their transactions between them. The queue is
 * bounded and applies backpressure, so a transaction of any size passes through.
 *
 * Hands out whole transactions where it can. The rows of half a transaction cannot be confirmed, so after a stop they
 * would be repeated.
 */
export class RowQueue<R extends { bytes: number }> {
  readonly #entries: (R | Lsn)[] = [];
  #rows = 0;
  #bytes = 0;
  #commits = 0;
  #closed = false;
  #taken = false;
  #wakeTaker = () => {};
  #wakeAdder = () => {};

  /** @param capacity limits at which {@link RowQueue.addRow} applies backpressure */
  constructor(private readonly capacity: Limits) {}

  /** Whether everything added was taken and, as the taker has come back for more, dealt with. */
  get isDone(): boolean {
    return !this.#closed && !this.#taken && this.#entries.length === 0;
  }

  /** Adds a row of the current transaction; settles when there is room for another. */
  async addRow(row: R): Promise<void> {
    if (this.#closed) return;
    this.#entries.push(row);
    this.#rows += 1;
    this.#bytes += row.bytes;
    this.#wakeTaker();
    while (!this.#closed && this.#isFull) {
      await new Promise<void>((resolve) => (this.#wakeAdder = resolve));
    }
  }

  /** Adds the end of the current transaction. */
  addCommit(end: Lsn): void {
    if (this.#closed) return;
    this.#entries.push(end);
    this.#commits += 1;
    this.#wakeTaker();
  }

  /**
   * Waits until a transaction has ended or the queue is full, then takes the whole transactions that are within the limits;
   * of one that is larger, as many rows as are, at least one. Come back only when the batch is dealt with.
   *
   * @returns undefined once the queue is closed
   */
  async take(limits: Limits): Promise<Batch<R> | undefined> {
    this.#taken = false;
    while (this.#commits === 0 && !this.#isFull && !this.#closed) {
      await new Promise<void>((resolve) => (this.#wakeTaker = resolve));
      // What came with the same packet is being added: take it along.
      await setImmediate();
    }
    if (this.#closed) return undefined;
    this.#taken = true;
    const entries = this.#entries.splice(0, this.#batchLength(limits));
    const rows = entries.filter((entry) => typeof entry !== "bigint");
    const commits = entries.filter((entry) => typeof entry === "bigint");
    this.#rows -= rows.length;
    this.#bytes -= rows.reduce((sum, row) => sum + row.bytes, 0);
    this.#commits -= commits.length;
    this.#wakeAdder();
    return { rows, confirm: commits.at(-1) };
  }

  /** How many entries make up the next batch. */
  #batchLength(limits: Limits): number {
    const budget = new Budget(limits);
    let whole = 0;
    for (const [index, entry] of this.#entries.entries()) {
      if (typeof entry === "bigint") whole = index + 1;
      else if (!budget.admits(entry.bytes)) return whole || index;
    }
    return whole || this.#entries.length;
  }

  get #isFull(): boolean {
    return this.#rows >= this.capacity.rows || this.#bytes >= this.capacity.bytes;
  }

  /** Lets everyone who waits go; what was not taken is dropped. */
  close(): void {
    this.#closed = true;
    this.#wakeTaker();
    this.#wakeAdder();
  }
}

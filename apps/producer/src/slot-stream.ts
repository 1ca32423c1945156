import { setTimeout as sleep } from "node:timers/promises";
import type { ClientConfig } from "pg";
import { LogicalReplicationService, type Pgoutput, PgoutputPlugin } from "pg-logical-replication";
import { formatLsn, type Lsn, parseLsn } from "./lsn";
import type { UserRow } from "./rows";

/**
 * How often the server is told where we are, milliseconds: as PostgreSQL's own receivers do
 * (wal_receiver_status_interval), well within its wal_sender_timeout of 60 s. The server must answer each time.
 */
const STATUS_INTERVAL = 10_000;
/** Silence after which the connection counts as broken, milliseconds. */
const SILENCE_LIMIT = 3 * STATUS_INTERVAL;
/** Longest wait for the server to say that it has read the last confirmation, milliseconds. */
const FAREWELL_LIMIT = 5_000;

/** Handlers of a {@link SlotStream}, called in the order of commits. An error of a handler ends the stream. */
export interface SlotStreamHandlers {
  /** The server streams. */
  onStart(): void;
  /** An inserted or updated row; the next one comes when the promise settles. `committed`: milliseconds since the epoch. */
  onRow(row: UserRow, committed: number): Promise<void>;
  /** The end of a transaction; confirm it when all of it is published. */
  onCommit(end: Lsn): void;
  /** Whether everything handed on so far is published and confirmed. */
  isIdle(): boolean;
}

/** The messages of pgoutput, but values stay text and a message that cannot be read is reported, not thrown at the socket. */
class TextPgoutputPlugin extends PgoutputPlugin {
  /** Messages the server has sent, whether they were handed on yet or not. */
  received = 0;

  constructor(
    publication: string,
    private readonly onUnreadable: (error: unknown) => void,
  ) {
    super({ protoVersion: 1, publicationNames: [publication] });
  }

  override parse(buffer: Buffer): Pgoutput.Message {
    this.received += 1;
    try {
      const message = super.parse(buffer);
      if (message.tag === "relation") {
        for (const column of message.columns) column.parser = (text: string) => text;
      }
      return message;
    } catch (error) {
      this.onUnreadable(error);
      // The stream has failed: nothing after this is looked at.
      return { tag: "origin", originLsn: null, originName: "" };
    }
  }
}

/**
 * One connection that follows the slot from what it has confirmed. Confirms nothing by itself but this: when the stream
 * is idle, the position of a keepalive, so that the slot does not hold back WAL of which nothing concerns us.
 *
 * The server never repeats what is confirmed, so a position is confirmed exactly and never beyond: the commit of the
 * next transaction may begin at the very byte where the former ends. The library's `acknowledge(lsn)` confirms
 * `lsn + 1` and would lose that transaction; {@link SlotStream.confirm} subtracts one beforehand.
 */
export class SlotStream {
  readonly #service: LogicalReplicationService;
  readonly #plugin: TextPgoutputPlugin;
  readonly #failure: Promise<never>;
  #reject!: (error: unknown) => void;
  #failed = false;
  #handled = 0;
  #heard = Date.now();
  #inTransaction = false;
  #committed = 0;
  #onNextKeepalive = () => {};

  /** @param confirmed up to where the slot is confirmed now */
  constructor(
    connection: ClientConfig,
    private readonly slot: string,
    publication: string,
    private confirmed: Lsn,
    private readonly handlers: SlotStreamHandlers,
  ) {
    this.#failure = new Promise<never>((_, reject) => (this.#reject = reject));
    this.#failure.catch(() => {});
    // A new service per connection: a used one would go on after the last message it received, confirmed or not.
    this.#service = new LogicalReplicationService(connection, {
      acknowledge: { auto: false, timeoutSeconds: 0 },
      flowControl: { enabled: true },
    });
    this.#plugin = new TextPgoutputPlugin(publication, (error) => this.#fail(error));
    this.#service.on("start", () => handlers.onStart());
    this.#service.on("error", (error) => this.#fail(error));
    this.#service.on("data", (_lsn, message: Pgoutput.Message) => this.#onMessage(message));
    this.#service.on("heartbeat", (lsn, _time, mustAnswer) => this.#onKeepalive(parseLsn(lsn), mustAnswer));
  }

  /**
   * Streams until {@link close}.
   *
   * @throws what ended it: an error of the connection or the server, or of a handler
   */
  async run(): Promise<never> {
    const timer = setInterval(() => this.#reportStatus(), STATUS_INTERVAL);
    try {
      const ended = this.#service.subscribe(this.#plugin, this.slot).then(() => {
        throw new Error("the server ended the stream");
      });
      return await Promise.race([ended, this.#failure]);
    } finally {
      clearInterval(timer);
    }
  }

  /** Everything before this position is published and confirmed. */
  get position(): Lsn {
    return this.confirmed;
  }

  /** Confirms to the server that everything before this position is published. The server does not repeat it. */
  confirm(position: Lsn): void {
    if (position > this.confirmed) this.confirmed = position;
    this.#sendStatus(false);
  }

  /** Ends the connection, after the server has read the last confirmation if it still can. */
  async close(): Promise<void> {
    if (!this.#failed && !this.#service.isStop()) {
      const answered = new Promise<void>((resolve) => (this.#onNextKeepalive = resolve));
      this.#sendStatus(true);
      await Promise.race([answered, sleep(FAREWELL_LIMIT, undefined, { ref: false })]);
    }
    this.#failed = true;
    await this.#service.destroy();
  }

  /** Never throws: the library would go on with the next message, and a later commit would confirm what was not handled. */
  async #onMessage(message: Pgoutput.Message): Promise<void> {
    if (this.#failed) return;
    try {
      this.#heard = Date.now();
      // Other messages describe tables and types, which the parser keeps.
      if (message.tag === "begin") {
        this.#inTransaction = true;
        this.#committed = Number(message.commitTime) / 1000;
      } else if (message.tag === "insert" || message.tag === "update") {
        await this.handlers.onRow(message.new, this.#committed);
      } else if (message.tag === "commit") {
        this.#inTransaction = false;
        this.handlers.onCommit(parseLsn(message.commitEndLsn!));
      }
      this.#handled += 1;
    } catch (error) {
      this.#fail(error);
    }
  }

  #onKeepalive(position: Lsn, mustAnswer: boolean): void {
    if (this.#failed) return;
    this.#heard = Date.now();
    this.#onNextKeepalive();
    const idle = !this.#isBehind && !this.#inTransaction && this.handlers.isIdle();
    if (idle && position > this.confirmed) this.confirm(position);
    else if (mustAnswer) this.#sendStatus(false);
  }

  /** Whether the library holds messages back because a handler is still at work. */
  get #isBehind(): boolean {
    return this.#handled < this.#plugin.received;
  }

  #reportStatus(): void {
    if (!this.#isBehind && Date.now() - this.#heard > SILENCE_LIMIT) {
      this.#fail(new Error(`no word from the server for ${SILENCE_LIMIT / 1000} s`));
    } else {
      this.#sendStatus(true);
    }
  }

  #sendStatus(mustAnswer: boolean): void {
    if (this.#failed) return;
    this.#service.acknowledge(formatLsn(this.confirmed - 1n), mustAnswer).catch((error) => this.#fail(error));
  }

  #fail(error: unknown): void {
    this.#failed = true;
    this.#reject(error);
  }
}

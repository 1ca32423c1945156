import type { Logger } from "@pipeline/common";
import { Client, type ClientConfig, DatabaseError, type QueryResult } from "pg";
import { formatLsn, type Lsn, parseLsn } from "./lsn";
import type { CompleteRow } from "./rows";
import { PAGE_OF_CHANGES, PAGE_OF_USERS } from "./staging";

/** Rows per read when the table is republished. */
const PAGE_ROWS = 500;
const UNDEFINED_OBJECT = "42704";

interface SlotState {
  /** Whether a connection follows it. */
  active: string;
  wal_status: string | null;
  confirmed_flush_lsn: string | null;
}

/** What {@link ensureSlot} needs. */
export interface SlotOptions {
  connection: ClientConfig;
  slot: string;
  publication: string;
  logger: Logger;
  /** Called when the slot was missing or lost, before the table is republished. */
  onRebuild: () => void;
  /** Called when rows were republished that the slot may leave out. */
  onRepublish: (rows: number) => void;
  /** Publishes rows; settles once Kafka has them. */
  publish: (rows: CompleteRow[]) => Promise<void>;
  /** Ends the connection, even in the middle of a statement that waits for others. */
  signal: AbortSignal;
}

/**
 * Makes sure that the replication slot exists and that everything before it is published.
 *
 * A missing slot, or one the server has invalidated (`wal_status` lost: it held back more WAL than allowed), leaves a gap.
 * It is closed by publishing the whole table again; versions make the repeats harmless. That the slot exists must mean
 * that the gap is closed, also when this process dies half way: so a second slot, `…_rebuild`, is made first, then the
 * table is published, then the second slot is copied under the real name.
 *
 * @returns up to where the slot is confirmed
 * @throws errors of PostgreSQL; try again
 */
export async function ensureSlot(options: SlotOptions): Promise<Lsn> {
  const { connection, slot, publication, logger, signal } = options;
  const rebuilding = `${slot}_rebuild`;
  const client = new Client(connection);
  const end = () => void client.end().catch(() => {});
  client.on("error", (err) => logger.debug({ err }, "the connection that looks after the slot broke"));
  signal.addEventListener("abort", end, { once: true });
  try {
    signal.throwIfAborted();
    await client.connect();
    const state = await slotState(client, slot);
    if (state && state.wal_status !== "lost") {
      if (await slotState(client, rebuilding)) await dropSlot(client, rebuilding);
      const confirmed = confirmedLsn(state);
      if (state.active === "f") await publishUnrecorded(client, confirmed, options);
      return confirmed;
    }
    await requirePublication(client, publication);
    logger.warn(
      { slot, lost: state !== undefined },
      "no usable slot: recreating the slot and republishing the whole table",
    );
    options.onRebuild();
    if (state) await dropSlot(client, slot);
    if ((await slotState(client, rebuilding))?.wal_status === "lost") await dropSlot(client, rebuilding);
    if (!(await slotState(client, rebuilding))) {
      await client.query("SELECT pg_create_logical_replication_slot($1, 'pgoutput')", [rebuilding]);
    }
    const rows = await publishPages(client, PAGE_OF_USERS, [], options.publish);
    await client.query("SELECT pg_copy_logical_replication_slot($1, $2)", [rebuilding, slot]);
    await dropSlot(client, rebuilding);
    logger.info({ slot, rows }, "slot recreated, whole table republished");
    return confirmedLsn(await slotState(client, slot));
  } finally {
    signal.removeEventListener("abort", end);
    end();
  }
}

async function slotState(client: Client, slot: string): Promise<SlotState | undefined> {
  const { rows } = await client.query<SlotState>(
    "SELECT active, wal_status, confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = $1",
    [slot],
  );
  return rows[0];
}

function confirmedLsn(state: SlotState | undefined): Lsn {
  if (!state?.confirmed_flush_lsn)
    throw new Error("the slot is not ready: another process is creating or dropping it");
  return parseLsn(state.confirmed_flush_lsn);
}

/** A slot made before its publication can never be read, so wait for the publication first. */
async function requirePublication(client: Client, publication: string): Promise<void> {
  const { rowCount } = await client.query("SELECT FROM pg_publication WHERE pubname = $1", [publication]);
  if (!rowCount) throw new Error(`publication ${publication} does not exist yet; the deploy job creates it`);
}

async function dropSlot(client: Client, slot: string): Promise<void> {
  try {
    await client.query("SELECT pg_drop_replication_slot($1)", [slot]);
  } catch (error) {
    // Another producer was faster.
    if (!(error instanceof DatabaseError && error.code === UNDEFINED_OBJECT)) throw error;
  }
}

/**
 * Publishes what may have been changed before the slot begins and is not recorded as published. A slot begins after the
 * recorded position if another program created it, and leaves out what was changed in between; and for some seconds after
 * each record, in which case it leaves out nothing and the repeats are harmless.
 */
async function publishUnrecorded(client: Client, confirmed: Lsn, options: SlotOptions): Promise<void> {
  const { slot, logger, publish, onRepublish } = options;
  const point = await recordedPoint(client, slot);
  if (point === undefined || confirmed <= parseLsn(point.position)) return;
  const { xid, recorded_at, next } = point;
  const rows = await publishPages(client, PAGE_OF_CHANGES, [xid, recorded_at, next], publish);
  if (rows === 0) return;
  onRepublish(rows);
  const from = point.position;
  logger.warn(
    { slot, rows, from, to: formatLsn(confirmed) },
    "rows are not recorded as published: republished",
  );
}

interface RecordedPoint {
  position: string;
  xid: string;
  recorded_at: string;
  /** The next transaction. */
  next: string;
}

async function recordedPoint(client: Client, slot: string): Promise<RecordedPoint | undefined> {
  const query = `SELECT position, xid, recorded_at, pg_snapshot_xmax(pg_current_snapshot())::text AS next
                 FROM staging.published WHERE slot = $1`;
  return (await client.query<RecordedPoint>(query, [slot])).rows[0];
}

/**
 * Publishes rows, page by page; rows changed meanwhile come through the slot as well.
 * @param query takes the last id of the page before and the number of rows, then the parameters
 */
async function publishPages(
  client: Client,
  query: string,
  parameters: readonly string[],
  publish: SlotOptions["publish"],
): Promise<number> {
  let after: string | null = null;
  let total = 0;
  for (;;) {
    const { rows }: QueryResult<CompleteRow> = await client.query(query, [after, PAGE_ROWS, ...parameters]);
    if (rows.length === 0) return total;
    await publish(rows);
    total += rows.length;
    after = rows.at(-1)!.id;
  }
}

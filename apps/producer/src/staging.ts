import type { Logger } from "@pipeline/common";
import { type ClientConfig, Pool, type QueryConfig } from "pg";
import type { ProducerConfig } from "./config";
import { formatLsn, type Lsn, parseLsn } from "./lsn";
import { COLUMNS, type CompleteRow, type UserRow } from "./rows";

const SELECT_USERS = `SELECT ${COLUMNS.join(", ")} FROM staging.users`;
/** Longest time for one statement, milliseconds. */
const STATEMENT_TIMEOUT = 10_000;
/** Longest time to connect for one, milliseconds. */
const CONNECT_TIMEOUT = 3_000;
/** Longest time for the slot's lag, milliseconds: a scrape must not wait for a server that hangs. */
const LAG_TIMEOUT = 2_000;

/** How to connect to the staging database. Sessions give times as ISO text in UTC, whatever the server's default. */
export function connectionConfig(config: ProducerConfig): ClientConfig {
  return {
    host: config.POSTGRES_HOST,
    port: config.POSTGRES_PORT,
    database: config.POSTGRES_DB,
    user: config.POSTGRES_USER,
    password: config.POSTGRES_PASSWORD,
    application_name: "producer",
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    options: "-c DateStyle=ISO -c TimeZone=UTC",
    // Values stay the text PostgreSQL sent, as in the replication stream.
    types: { getTypeParser: () => (text: string) => text },
  };
}

/**
 * A page of the rows that transactions from one on have changed, in the order of id: $1 the last id of the page before (null
 * for the first page), $2 rows, $3 that transaction, $4 when it was recorded, $5 the next transaction. PostgreSQL stores
 * the lower 32 bits of a row's transaction.
 */
export const PAGE_OF_CHANGES = `SELECT ${COLUMNS.join(", ")} FROM (
    SELECT *, $5::bigint / 4294967296 * 4294967296 + xmin::text::bigint AS xid FROM staging.users
  ) AS users
  WHERE ($1::uuid IS NULL OR id > $1) AND updated_at >= $4::timestamptz - interval '1 day'
    AND xid - CASE WHEN xid >= $5::bigint THEN 4294967296 ELSE 0 END >= $3::bigint
  ORDER BY id LIMIT $2`;

/** A page of staging.users in the order of id: $1 the last id of the page before (null for the first page), $2 rows. */
export const PAGE_OF_USERS = `${SELECT_USERS} WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT $2`;

/**
 * How far everything is published: up to a position of the log, and whatever transactions before one have changed. The
 * latter is known apart from the log, so that rows can be found that a slot leaves out.
 */
export interface PublishedPoint {
  position: Lsn;
  /** The id of the transaction, with its epoch. */
  xid: string;
}

/** The statements on the staging schema that are short: each on a pooled connection, none waits for another session. */
export class Staging {
  readonly #pool: Pool;

  constructor(connection: ClientConfig, logger: Logger) {
    this.#pool = new Pool({
      ...connection,
      max: 2,
      connectionTimeoutMillis: CONNECT_TIMEOUT,
      statement_timeout: STATEMENT_TIMEOUT,
      query_timeout: 1.5 * STATEMENT_TIMEOUT,
    });
    // An idle connection that breaks is replaced at the next use; without a listener it would end the process.
    this.#pool.on("error", (err) => logger.debug({ err }, "an idle connection to PostgreSQL broke"));
  }

  /** The row as it is now, or undefined when it is gone. */
  async user(id: string): Promise<CompleteRow | undefined> {
    const { rows } = await this.#pool.query<CompleteRow>(`${SELECT_USERS} WHERE id = $1`, [id]);
    return rows[0];
  }

  /** Puts a row aside that can never be published; one for the same user is replaced. */
  async reject(row: UserRow, reason: string): Promise<void> {
    await this.#pool.query(
      `INSERT INTO staging.rejected (key, stage, reason, record) VALUES ($1, 'producer', $2, $3)
       ON CONFLICT (key) DO UPDATE SET reason = excluded.reason, record = excluded.record, rejected_at = now()`,
      [`producer|${row.id}`, reason, JSON.stringify(row)],
    );
  }

  /** A point that is reached when the slot is confirmed up to its position. */
  async presentPoint(): Promise<PublishedPoint> {
    // What has ended in the snapshot has its commit before the end of the log, which is asked after it.
    const { rows } = await this.#pool.query<{ xid: string; position: string }>(
      "SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS xid, pg_current_wal_insert_lsn()::text AS position",
    );
    return { xid: rows[0]!.xid, position: parseLsn(rows[0]!.position) };
  }

  /** Records that a point is reached. */
  async recordPoint(slot: string, { position, xid }: PublishedPoint): Promise<void> {
    await this.#pool.query(
      `INSERT INTO staging.published (slot, position, xid) VALUES ($1, $2, $3) ON CONFLICT (slot)
       DO UPDATE SET position = excluded.position, xid = excluded.xid, recorded_at = excluded.recorded_at`,
      [slot, formatLsn(position), xid],
    );
  }

  /** Bytes of write-ahead log behind the end of which the slot is, or undefined when there is no such slot. */
  async slotLag(slot: string): Promise<number | undefined> {
    const query: QueryConfig & { query_timeout: number } = {
      text: `SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn) AS lag
             FROM pg_replication_slots WHERE slot_name = $1`,
      values: [slot],
      query_timeout: LAG_TIMEOUT,
    };
    const { rows } = await this.#pool.query<{ lag: string | null }>(query);
    return rows[0]?.lag ? Number(rows[0].lag) : undefined;
  }

  async end(): Promise<void> {
    await this.#pool.end();
  }
}

import type { Logger } from "@pipeline/common";
import { type ClientConfig, Pool, type QueryConfig } from "pg";
import type { ProducerConfig } from "./config";
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

/** A page of staging.users in the order of id: $1 the last id of the page before (null for the first page), $2 rows. */
export const PAGE_OF_USERS = `${SELECT_USERS} WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT $2`;

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

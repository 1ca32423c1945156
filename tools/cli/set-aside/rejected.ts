import { reasonOf } from "@pipeline/common/logging";
import { Client } from "pg";
import { UserError } from "../errors";
import type { StageAccess } from "../stages";

/** Rows of staging.rejected with the same stage and reason. */
export interface RejectedRows {
  readonly stage: "fetch" | "producer";
  readonly reason: string;
  readonly count: number;
}

/** The rejected rows: what was set aside before Kafka, in staging.rejected. */
export class Rejected {
  constructor(private readonly access: StageAccess) {}

  /**
   * Counts the rows of each stage and reason, the most frequent first.
   * @throws UserError if PostgreSQL is unreachable
   */
  counts(): Promise<RejectedRows[]> {
    return this.query("reader", async (client) => {
      const { rows } = await client.query<RejectedRows>(
        "SELECT stage, reason, count(*)::int FROM staging.rejected GROUP BY stage, reason ORDER BY count DESC, stage, reason",
      );
      return rows;
    });
  }

  /**
   * Republishes the rows that the producer rejected for these reasons, in a new version. A row that is rejected again
   * returns to staging.rejected.
   * @returns the number of rows
   * @throws UserError if PostgreSQL is unreachable
   */
  republish(reasons: readonly string[]): Promise<number> {
    return this.query("airflow", async (client) => {
      const { rowCount } = await client.query(
        `WITH again AS (
           UPDATE staging.users SET republished_at = clock_timestamp() FROM staging.rejected
           WHERE key = 'producer|' || id AND reason = ANY ($1) RETURNING key
         )
         DELETE FROM staging.rejected USING again WHERE rejected.key = again.key`,
        [reasons],
      );
      return rowCount ?? 0;
    });
  }

  /** @param role a role with a generated password */
  private async query<T>(role: "reader" | "airflow", use: (client: Client) => Promise<T>): Promise<T> {
    const { ports, passwords } = this.access;
    const client = new Client({
      host: "127.0.0.1",
      port: ports.postgres,
      database: "pipeline",
      user: role,
      password: passwords[`postgres-${role}-password`],
      connectionTimeoutMillis: 5000,
    });
    try {
      await client.connect();
      return await use(client);
    } catch (error) {
      throw new UserError(
        `cannot query PostgreSQL at 127.0.0.1:${ports.postgres}: ${reasonOf(error)}; run: make status`,
      );
    } finally {
      await client.end();
    }
  }
}

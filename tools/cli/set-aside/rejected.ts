import { Client } from "pg";
import { UserError } from "../errors";
import type { StageAccess } from "../stages";

/** Rows of staging.rejected that have stage and reason in common. */
export interface RejectedRows {
  readonly stage: "fetch" | "producer";
  readonly reason: string;
  readonly count: number;
}

/** What was set aside before Kafka: rows of staging.rejected. */
export class Rejected {
  constructor(private readonly access: StageAccess) {}

  /**
   * How many rows there are of each stage and reason, the most frequent first.
   * @throws UserError when PostgreSQL does not answer
   */
  counts(): Promise<RejectedRows[]> {
    return this.query("reader", async (client) => {
      const { rows } = await client.query<RejectedRows>(
        "SELECT stage, reason, count(*)::int FROM staging.rejected GROUP BY stage, reason ORDER BY count DESC, stage, reason",
      );
      return rows;
    });
  }

  /** @param role whose password the deploy generated */
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
        `PostgreSQL does not answer at 127.0.0.1:${ports.postgres}: ${String(error)}; make status shows what runs`,
      );
    } finally {
      await client.end();
    }
  }
}

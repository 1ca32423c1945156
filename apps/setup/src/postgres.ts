import { Client, DatabaseError, type QueryResultRow } from "pg";
import { SetupError } from "./errors";
import type { Report } from "./report";
import { waitFor } from "./wait";

/** How to reach PostgreSQL as a superuser. */
export interface PostgresServer {
  host: string;
  port: number;
  database: string;
  user: string;
  password: string;
}

const CONNECT_TIMEOUT_MS = 5_000;
/** A statement may have to wait for the transactions of running apps. */
const STATEMENT_TIMEOUT_MS = 120_000;
/** SQLSTATEs that pass by themselves: starting up or shutting down, too many connections. */
const PASSING = ["57P03", "53300"];

/**
 * Waits for the server and logs in.
 *
 * @throws SetupError when it refuses the login or does not come within two minutes
 */
export async function connect(server: PostgresServer, report: Report): Promise<Client> {
  const address = `${server.host}:${server.port}`;
  try {
    return await waitFor(`PostgreSQL at ${address}`, () => open(server), { report, mayPass });
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    throw new SetupError(
      `PostgreSQL at ${address} refuses user ${server.user} in database ${server.database}: ${error.message}`,
    );
  }
}

async function open(server: PostgresServer): Promise<Client> {
  const client = new Client({
    ...server,
    application_name: "setup",
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
  });
  // A connection that breaks fails the query under way; without a listener it would end the process as well.
  client.on("error", () => {});
  try {
    await client.connect();
  } catch (error) {
    await client.end();
    throw error;
  }
  return client;
}

function mayPass(error: unknown): boolean {
  return !(error instanceof DatabaseError) || PASSING.includes(error.code ?? "");
}

/** The first row of a query, `null` without any. */
export async function firstRow<R extends QueryResultRow>(
  client: Client,
  text: string,
  values: unknown[] = [],
): Promise<R | null> {
  return (await client.query<R>(text, values)).rows[0] ?? null;
}

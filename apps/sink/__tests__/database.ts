import { Client, types } from "cassandra-driver";
import { testServices } from "@pipeline/common/testing/services";
import { Cassandra, type Database } from "../src/cassandra";
import type { Location } from "../src/location";
import { Statements } from "../src/statements";

/** The statements of the test services' keyspace. */
export function testStatements(): Statements {
  return new Statements(testServices().cassandra.keyspace);
}

/** Cassandra of the test services as the sink uses it, with the sink's role. */
export function sinkDatabase(): Cassandra {
  const { host, port, datacenter, users } = testServices().cassandra;
  return new Cassandra(
    { hosts: [host], port, datacenter, user: "sink", password: users.sink },
    testStatements(),
  );
}

/** What Cassandra holds, read with the role that may only read. */
export class StoredRows {
  private constructor(
    private readonly client: Client,
    private readonly keyspace: string,
  ) {}

  /** @param server instead of the test services' own Cassandra */
  static async open(server = testServices().cassandra): Promise<StoredRows> {
    const { host, port, datacenter, keyspace, users } = server;
    const client = new Client({
      contactPoints: [host],
      protocolOptions: { port },
      localDataCenter: datacenter,
      credentials: { username: "reader", password: users.reader },
      queryOptions: { prepare: true },
      socketOptions: { connectTimeout: 60_000, readTimeout: 60_000 },
    });
    await client.connect();
    return new StoredRows(client, keyspace);
  }

  /** The user's row in created_users. */
  async user(id: string): Promise<types.Row | null> {
    return (await this.#select("created_users WHERE id = ?", [id]))[0] ?? null;
  }

  /** How many of these users created_users has. */
  async countOf(ids: string[]): Promise<number> {
    let count = 0;
    for (let from = 0; from < ids.length; from += 100) {
      count += (await this.#select("created_users WHERE id IN ?", [ids.slice(from, from + 100)])).length;
    }
    return count;
  }

  /** The user's rows in users_by_country at any of the locations. */
  async byCountry(locations: Location[]): Promise<types.Row[]> {
    const rows: types.Row[][] = [];
    for (let from = 0; from < locations.length; from += 500) {
      const some = locations
        .slice(from, from + 500)
        .map(({ countryCode, day, bucket, stagedAt, id }) =>
          this.#select(
            "users_by_country WHERE country_code = ? AND day = ? AND bucket = ? AND staged_at = ? AND id = ?",
            [countryCode, day, bucket, stagedAt, id],
          ),
        );
      rows.push(...(await Promise.all(some)));
    }
    return rows.flat();
  }

  /** The rows of a minute in signups_per_minute. */
  async signups(minute: Date): Promise<types.Row[]> {
    const day = minute.toISOString().slice(0, 10);
    return this.#select("signups_per_minute WHERE day = ? AND minute = ?", [day, minute]);
  }

  async close(): Promise<void> {
    await this.client.shutdown();
  }

  async #select(from: string, params: unknown[]): Promise<types.Row[]> {
    return (await this.client.execute(`SELECT * FROM ${this.keyspace}.${from}`, params)).rows;
  }
}

/** Thrown in place of a crash of the process. */
export class Crash extends Error {}

/** Where a process crashes: at the request after so many, of which no, some or all statements have taken effect. */
export interface CrashPoint {
  /** How many requests succeed before. */
  requests: number;
  /** Which statements of the one at which it crashes take effect, by index. */
  done: readonly number[];
}

/** What can have taken effect of a request that was interrupted: it has one statement, or two of a batch. */
export const DONE = [[], [0], [1], [0, 1]] as const;

/** A database whose process crashes at a request; all later ones are not carried out. */
export function crashing(database: Database, { requests, done }: CrashPoint): Database {
  let left = requests;
  return {
    check: () => database.check(),
    async execute(...statements) {
      if (left-- > 0) return database.execute(...statements);
      const last = statements.filter((_, index) => left === -1 && done.includes(index));
      if (last.length > 0) await database.execute(...last);
      throw new Crash();
    },
  };
}

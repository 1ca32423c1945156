import type { Client as CassandraClient } from "cassandra-driver";
import { Client as PostgresClient } from "pg";
import { reader } from "../bench/measure";
import { settings } from "../cli/project";
import { countStages } from "../cli/stages";
import { eventually } from "../proof/support";

/** Audit of the users of an experiment. */
export interface Audit {
  /** Users staged or changed. */
  readonly sent: number;
  /** Users whose newest version is not in Cassandra, or sign-ups that were not counted. */
  readonly missing: number;
  /** Users with more than one row in users_by_country, or sign-ups that were counted more than once. */
  readonly doubled: number;
  /** Records that were set aside: dead letters and rejected rows. */
  readonly setAside: number;
}

/** Start of an experiment. */
export interface Mark {
  /** PostgreSQL's clock, as text. */
  readonly time: string;
  readonly deadLetters: number;
}

interface StagedRow {
  readonly id: string;
  readonly version: string;
  readonly rejected: boolean;
}

/** The beginning of everything: an audit since then looks at every user there is, and at every dead letter. */
export const BEGINNING: Mark = { time: "-infinity", deadLetters: 0 };

/** How sign-ups were counted, compared with the users that were staged. */
interface SignUps {
  /** Users that no minute counts. */
  readonly uncounted: number;
  /** Users that are counted too often. */
  readonly overcounted: number;
}

/** Rows per page when reading a whole table from Cassandra. */
const FETCH_SIZE = 5000;
/** Maximum number of ids per query. */
const ASKED_AT_ONCE = 100;

/** Compares staged users with stored users. */
export class Ledger {
  private cassandra: CassandraClient;

  /** @param passwords the generated passwords, by the ids of the secrets */
  constructor(private readonly passwords: Readonly<Record<string, string>>) {
    this.cassandra = reader(settings().ports, passwords);
  }

  /** Marks the start of an experiment, once all servers have restarted after the previous one. */
  async mark(): Promise<Mark> {
    const mark = await eventually(
      () => this.now().catch(() => undefined),
      (answer) => answer !== undefined,
    );
    return mark ?? this.now();
  }

  /**
   * Audits all users that were staged or changed since the mark.
   * @param expected users that must be among them
   */
  async audit(since: Mark, expected: ReadonlySet<string>): Promise<Audit> {
    const staged = await this.staging<StagedRow>(
      `SELECT id, version::text, rejected.key IS NOT NULL AS rejected
       FROM staging.users LEFT JOIN staging.rejected ON rejected.key = 'producer|' || users.id
       WHERE updated_at >= $1`,
      [since.time],
    );
    const accepted = staged.filter(({ rejected }) => !rejected);
    const versions = await this.versions(accepted.map(({ id }) => id));
    const lost = accepted.filter(({ id, version }) => versions.get(id) !== version);
    const never = [...expected].filter((id) => !staged.some((row) => row.id === id));
    const places = await this.places(new Set(accepted.map(({ id }) => id)));
    const signups = await this.signups(since);
    return {
      sent: staged.length,
      missing: Math.max(lost.length + never.length, accepted.length - places.users, signups.uncounted),
      doubled: Math.max(places.rows - places.users, signups.overcounted),
      setAside: staged.length - accepted.length + (await this.deadLetters()) - since.deadLetters,
    };
  }

  /** Audits until no user is missing or doubled, at most until the timeout. */
  settled(since: Mark, expected: ReadonlySet<string>): Promise<Audit> {
    return eventually(
      () => this.audit(since, expected),
      ({ missing, doubled }) => missing + doubled === 0,
    );
  }

  /** Compares the sign-ups of each minute with the users that were staged in it. */
  async signups({ time }: Mark): Promise<SignUps> {
    const staged = await this.staging<{ minute: Date; users: number }>(
      `SELECT date_trunc('minute', staged_at) AS minute, count(*)::int AS users
       FROM staging.users LEFT JOIN staging.rejected ON rejected.key = 'producer|' || users.id
       WHERE staged_at >= date_trunc('minute', $1::timestamptz) AND rejected.key IS NULL GROUP BY 1`,
      [time],
    );
    let uncounted = 0;
    let overcounted = 0;
    for (const { minute, users } of staged) {
      const { rows } = await this.cassandra.execute(
        "SELECT sum(count) AS users FROM spark_streams.signups_per_minute WHERE day = ? AND minute = ?",
        [minute.toISOString().slice(0, 10), minute],
        { prepare: true },
      );
      const difference = users - Number(rows[0]?.get("users") ?? 0);
      uncounted += Math.max(0, difference);
      overcounted += Math.max(0, -difference);
    }
    return { uncounted, overcounted };
  }

  /** Returns the versions of users in Cassandra, without missing users. */
  async versions(ids: readonly string[]): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    for (let start = 0; start < ids.length; start += ASKED_AT_ONCE) {
      const { rows } = await this.cassandra.execute(
        "SELECT id, version FROM spark_streams.created_users WHERE id IN ?",
        [ids.slice(start, start + ASKED_AT_ONCE)],
        { prepare: true },
      );
      for (const row of rows) found.set(String(row.get("id")), String(row.get("version")));
    }
    return found;
  }

  /** Reconnects to Cassandra, whose address may have changed. */
  async reconnect(): Promise<void> {
    await this.end();
    this.cassandra = reader(settings().ports, this.passwords);
  }

  async end(): Promise<void> {
    await this.cassandra.shutdown();
  }

  /** Counts the users in users_by_country, and their rows. */
  private async places(ids: ReadonlySet<string>): Promise<{ users: number; rows: number }> {
    const seen: string[] = [];
    const query = "SELECT id FROM spark_streams.users_by_country";
    const answer = await this.cassandra.execute(query, [], { prepare: true, fetchSize: FETCH_SIZE });
    for await (const row of answer) {
      const id = String(row.get("id"));
      if (ids.has(id)) seen.push(id);
    }
    return { users: new Set(seen).size, rows: seen.length };
  }

  private async now(): Promise<Mark> {
    const [{ time } = { time: "" }] = await this.staging<{ time: string }>(
      "SELECT clock_timestamp()::text AS time",
    );
    return { time, deadLetters: await this.deadLetters() };
  }

  private async deadLetters(): Promise<number> {
    const { deadLetters } = await countStages({ ports: settings().ports, passwords: this.passwords });
    if (deadLetters === undefined) throw new Error("cannot count the dead letters: Kafka is unreachable");
    return deadLetters;
  }

  private async staging<Row extends object>(query: string, values: unknown[] = []): Promise<Row[]> {
    const client = new PostgresClient({
      host: "127.0.0.1",
      port: settings().ports.postgres,
      database: "pipeline",
      user: "reader",
      password: this.passwords["postgres-reader-password"],
    });
    client.on("error", () => undefined);
    await client.connect();
    try {
      return (await client.query<Row>(query, values)).rows;
    } finally {
      await client.end();
    }
  }
}

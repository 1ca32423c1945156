import { dayOf, type Location } from "./location";
import type { Signups, User } from "./records";

/** A CQL statement and the values of its markers; always run prepared. */
export interface Statement {
  query: string;
  params: unknown[];
}

/*
 * Every write and delete carries the version as its write timestamp: the newest version wins, in whatever order and
 * however often versions arrive. Null values are written (as cell tombstones), not left out: a field that a newer
 * version no longer has must hide the value of an older version that arrives later.
 */

const USER_COLUMNS = [
  "id",
  "first_name",
  "last_name",
  "full_name",
  "gender",
  "dob",
  "age",
  "age_group",
  "address",
  "post_code",
  "city",
  "state",
  "country",
  "country_code",
  "nat",
  "email",
  "email_domain",
  "username",
  "phone",
  "picture",
  "registered_date",
  "staged_at",
  "stored_at",
  "version",
] as const;
const BY_COUNTRY_KEY = ["country_code", "day", "bucket", "staged_at", "id"] as const;
const BY_COUNTRY_COLUMNS = [
  ...BY_COUNTRY_KEY,
  "full_name",
  "gender",
  "age_group",
  "city",
  "version",
] as const;
const SIGNUPS_COLUMNS = ["day", "minute", "country_code", "gender", "count", "version"] as const;

/** The statements of one keyspace. Pure: makes them, runs nothing. */
export class Statements {
  readonly #insertUser: string;
  readonly #insertByCountry: string;
  readonly #deleteByCountry: string;
  readonly #insertSignups: string;
  readonly #selectCurrent: string;
  /** Queries that find nothing, and fail when a table or a column is missing or may not be read. */
  readonly probes: readonly string[];

  /** @param keyspace its name; must be a plain identifier */
  constructor(keyspace: string) {
    const insert = (table: string, columns: readonly string[]) =>
      `INSERT INTO ${keyspace}.${table} (${columns.join(", ")}) ` +
      `VALUES (${columns.map(() => "?").join(", ")}) USING TIMESTAMP ?`;
    const probe = (table: string, columns: readonly string[], nobody: string) =>
      `SELECT ${columns.join(", ")} FROM ${keyspace}.${table} WHERE ${nobody} LIMIT 1`;
    this.#insertUser = insert("created_users", USER_COLUMNS);
    this.#insertByCountry = insert("users_by_country", BY_COUNTRY_COLUMNS);
    this.#insertSignups = insert("signups_per_minute", SIGNUPS_COLUMNS);
    this.#deleteByCountry =
      `DELETE FROM ${keyspace}.users_by_country USING TIMESTAMP ? ` +
      `WHERE ${BY_COUNTRY_KEY.map((column) => `${column} = ?`).join(" AND ")}`;
    this.#selectCurrent = `SELECT id, country_code, staged_at, version FROM ${keyspace}.created_users WHERE id IN ?`;
    this.probes = [
      probe("created_users", USER_COLUMNS, "id = 00000000-0000-0000-0000-000000000000"),
      probe(
        "users_by_country",
        BY_COUNTRY_COLUMNS,
        "country_code = '' AND day = '1970-01-01' AND bucket = -1",
      ),
      probe("signups_per_minute", SIGNUPS_COLUMNS, "day = '1970-01-01'"),
    ];
  }

  /**
   * Writes a user's row in created_users.
   *
   * @param timestamp write timestamp, microseconds
   */
  insertUser(user: User, storedAt: Date, timestamp = user.version): Statement {
    const values: Record<(typeof USER_COLUMNS)[number], unknown> = {
      ...user,
      registered_date: user.registeredDate,
      staged_at: user.stagedAt,
      stored_at: storedAt,
    };
    return {
      query: this.#insertUser,
      params: [...USER_COLUMNS.map((column) => values[column]), timestamp],
    };
  }

  /** Writes a user's row in users_by_country at the location. */
  insertByCountry(user: User, location: Location): Statement {
    const { full_name, gender, age_group, city, version } = user;
    return {
      query: this.#insertByCountry,
      params: [...byCountryKey(location), full_name, gender, age_group, city, version, version],
    };
  }

  /** Removes a user's row from users_by_country, unless a version newer than the given one wrote it. */
  deleteByCountry(location: Location, version: number): Statement {
    return { query: this.#deleteByCountry, params: [version, ...byCountryKey(location)] };
  }

  /** Writes a row of signups_per_minute. */
  insertSignups({ minute, country_code, gender, count, version }: Signups): Statement {
    return {
      query: this.#insertSignups,
      params: [dayOf(minute), minute, country_code, gender, count, version, version],
    };
  }

  /** Reads where users are now and in which version: columns id, country_code, staged_at, version. */
  selectCurrent(ids: string[]): Statement {
    return { query: this.#selectCurrent, params: [ids] };
  }
}

function byCountryKey({ countryCode, day, bucket, stagedAt, id }: Location): unknown[] {
  return [countryCode, day, bucket, stagedAt, id];
}

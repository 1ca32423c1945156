import {
  AvroDecoder,
  type SchemaRegistry,
  schemas,
  type UserProcessed,
  type UserStats,
} from "@pipeline/common";
import type { Database } from "./cassandra";
import { parseSignups, parseUser, type Signups, type User } from "./records";
import type { Statements } from "./statements";
import { UsersWriter } from "./users-writer";

/** How records of one topic are read and stored. `R` is the Avro record, `T` what is stored of it. */
export interface RecordKind<R = unknown, T = unknown> {
  decoder: AvroDecoder<R>;
  /**
   * @param receivedAt when Kafka received the record, milliseconds since the epoch
   * @throws PermanentError (validation)
   */
  parse(record: R, receivedAt: number): T;
  /** Records with the same key are stored one after the other. */
  keyOf(value: T): string;
  /**
   * @returns false when nothing new was stored
   * @throws PermanentError (invalid), or anything else for: call it again
   */
  write(value: T): Promise<boolean>;
  /** The tables a new record is written to. */
  tables: readonly string[];
  /** When PostgreSQL got the change the record tells of, milliseconds since the epoch; absent for what is not one. */
  stagedAt?(value: T): number;
}

/** Users, to created_users and users_by_country. */
export function usersKind(
  registry: SchemaRegistry,
  database: Database,
  statements: Statements,
): RecordKind<UserProcessed, User> {
  const writer = new UsersWriter(database, statements);
  return {
    decoder: new AvroDecoder(schemas.userProcessed, registry),
    parse: parseUser,
    keyOf: (user) => user.id,
    write: (user) => writer.write(user),
    tables: ["created_users", "users_by_country"],
    // The version is PostgreSQL's clock at the insert or update; staged_at tells of the insert only.
    stagedAt: (user) => user.version / 1000,
  };
}

/**
 * Sign-up counts, to signups_per_minute. Counts are absolute and only grow, and so does the greatest version counted,
 * their write timestamp: the newest count wins. Where a late user raised the count but not that version, timestamps
 * are equal and Cassandra keeps the greater value, which is the newer one again.
 */
export function signupsKind(
  registry: SchemaRegistry,
  database: Database,
  statements: Statements,
): RecordKind<UserStats, Signups> {
  return {
    decoder: new AvroDecoder(schemas.userStats, registry),
    parse: parseSignups,
    keyOf: ({ minute, country_code, gender }) => [minute.getTime(), country_code, gender].join("|"),
    async write(signups) {
      await database.execute(statements.insertSignups(signups));
      return true;
    },
    tables: ["signups_per_minute"],
  };
}

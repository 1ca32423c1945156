import { EncodeError, type UserCreated } from "@pipeline/common";

const TEXT_COLUMNS = [
  "first_name",
  "last_name",
  "gender",
  "address",
  "post_code",
  "city",
  "state",
  "country",
  "nat",
  "email",
  "username",
  "phone",
  "picture",
] as const satisfies (keyof UserCreated)[];

/** The columns of staging.users that are published, as the publication lists them: all but `raw` and `updated_at`. */
export const COLUMNS = [
  "id",
  ...TEXT_COLUMNS,
  "dob",
  "registered_date",
  "staged_at",
  "version",
] as const satisfies (keyof UserCreated)[];

/**
 * A row of staging.users with each value as PostgreSQL's text (DateStyle ISO, TimeZone UTC), which keeps microseconds
 * and 64 bit integers exact. A column is absent when an update left out a large value it did not change.
 */
export type UserRow = Partial<Record<(typeof COLUMNS)[number], string | null>>;

/** The row with every column there, or null. */
export type CompleteRow = Record<(typeof COLUMNS)[number], string | null>;

/** Whether the row has every published column. */
export function isComplete(row: UserRow): row is CompleteRow {
  return COLUMNS.every((column) => row[column] !== undefined);
}

/**
 * The record to publish for a row.
 *
 * @throws EncodeError when a value has no place in the schema (PostgreSQL knows times before year 1 and `infinity`);
 * its message names the column and carries no value
 */
export function toUserCreated(row: CompleteRow): UserCreated {
  return {
    id: required(row, "id"),
    version: integer(row, "version"),
    staged_at: microseconds("staged_at", required(row, "staged_at")),
    ...(Object.fromEntries(TEXT_COLUMNS.map((column) => [column, row[column]])) as Pick<
      UserCreated,
      (typeof TEXT_COLUMNS)[number]
    >),
    dob: milliseconds(row, "dob"),
    registered_date: milliseconds(row, "registered_date"),
  };
}

function required(row: CompleteRow, column: keyof CompleteRow): string {
  const text = row[column];
  if (text === null) throw new EncodeError(`${column} is null`);
  return text;
}

function integer(row: CompleteRow, column: keyof CompleteRow): number {
  const value = Number(required(row, column));
  if (!Number.isSafeInteger(value)) throw new EncodeError(`${column} is not an integer below 2^53`);
  return value;
}

const TIMESTAMP = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})(?:\.(\d{1,6}))?\+00$/;

/** Whole seconds since the epoch, and the microseconds of the last one. */
function instant(column: string, text: string): { seconds: number; micros: number } {
  const [, date, time, fraction = ""] = TIMESTAMP.exec(text) ?? [];
  const millis = Date.parse(`${date}T${time}Z`);
  if (Number.isNaN(millis)) throw new EncodeError(`${column} is not a time in the years 1 to 9999`);
  return { seconds: millis / 1000, micros: Number(fraction.padEnd(6, "0")) };
}

function milliseconds(row: CompleteRow, column: "dob" | "registered_date"): number | null {
  const text = row[column];
  if (text === null) return null;
  const { seconds, micros } = instant(column, text);
  return seconds * 1000 + Math.floor(micros / 1000);
}

function microseconds(column: string, text: string): number {
  const { seconds, micros } = instant(column, text);
  const value = seconds * 1_000_000 + micros;
  if (value < 0 || !Number.isSafeInteger(value))
    throw new EncodeError(`${column} is not in the years 1970 to 2255`);
  return value;
}

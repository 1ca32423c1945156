import type { UserProcessed, UserStats } from "@pipeline/common";
import { z } from "zod";
import { PermanentError } from "./errors";

/** A user as the sink stores it; times as Date. */
export interface User extends Omit<UserProcessed, "staged_at" | "dob" | "registered_date"> {
  stagedAt: Date;
  dob: Date | null;
  registeredDate: Date | null;
}

/** Sign-ups of one minute, country and gender; times as Date. */
export interface Signups extends Omit<UserStats, "minute"> {
  minute: Date;
}

const DAY_MS = 86_400_000;

const uuid = z.guid().transform((id) => id.toLowerCase());
const instant = (milliseconds: z.ZodNumber) => milliseconds.transform((ms) => new Date(ms));
/** Every time a JavaScript Date can hold: years -271821 to 275760. */
const anyInstant = instant(z.number().min(-8.64e15).max(8.64e15));
const version = z.int().positive();
const countryCode = z.string().regex(/^[A-Z]{2}$/, "not two capital letters");

const userSchema = z.object({
  id: uuid,
  version,
  staged_at: z.number().nonnegative(),
  dob: anyInstant.nullable(),
  registered_date: anyInstant.nullable(),
  country_code: countryCode.nullable(),
});

const signupsSchema = z.object({
  minute: instant(z.number().nonnegative()),
  country_code: countryCode,
  gender: z.string().min(1).max(64),
  count: z.int().nonnegative(),
  version,
});

/**
 * @param receivedAt when Kafka received the record, milliseconds since the epoch
 * @throws PermanentError (validation) naming the fields that are wrong, never their values
 */
export function parseUser(record: UserProcessed, receivedAt: number): User {
  const { id, version, staged_at, dob, registered_date, country_code } = parse(userSchema, record);
  refuseFuture({ version: version / 1000, staged_at: staged_at / 1000 }, receivedAt);
  return {
    ...record,
    id,
    version,
    country_code,
    stagedAt: new Date(Math.floor(staged_at / 1000)),
    dob,
    registeredDate: registered_date,
  };
}

/**
 * @param receivedAt when Kafka received the record, milliseconds since the epoch
 * @throws PermanentError (validation) naming the fields that are wrong, never their values
 */
export function parseSignups(record: UserStats, receivedAt: number): Signups {
  const signups = parse(signupsSchema, record);
  refuseFuture({ minute: signups.minute.getTime(), version: signups.version / 1000 }, receivedAt);
  return signups;
}

/**
 * Refuses times that are more than a day ahead. A version becomes a write timestamp in Cassandra: one from the future would
 * win over every later change of the user, for ever. The later one of the broker's clock and this machine's is taken for
 * the present: good records must not become dead letters because one of them is behind.
 *
 * @param times by field, milliseconds since the epoch
 */
function refuseFuture(times: Record<string, number>, receivedAt: number): void {
  const latest = Math.max(receivedAt, Date.now()) + DAY_MS;
  const problems = Object.entries(times).filter(([, time]) => time > latest);
  if (problems.length === 0) return;
  throw new PermanentError(
    "validation",
    problems.map(([field]) => `${field}: more than a day ahead`).join("; "),
  );
}

function parse<S extends z.ZodType>(schema: S, record: unknown): z.output<S> {
  const result = schema.safeParse(record, { reportInput: false });
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new PermanentError("validation", problems.join("; "));
}

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
/** Times of events in the pipeline: since 1970 and not later than tomorrow (the clocks of machines differ a little). */
const isPast = (ms: number) => ms >= 0 && ms <= Date.now() + DAY_MS;
/**
 * A version becomes a write timestamp in Cassandra: one from the future would win over every later change of the user,
 * for ever.
 */
const version = z
  .int()
  .positive()
  .refine((micros) => isPast(micros / 1000), "later than tomorrow");
const countryCode = z.string().regex(/^[A-Z]{2}$/, "not two capital letters");

const userSchema = z.object({
  id: uuid,
  version,
  staged_at: z.number().refine((micros) => isPast(micros / 1000), "not between 1970 and tomorrow"),
  dob: anyInstant.nullable(),
  registered_date: anyInstant.nullable(),
  country_code: countryCode.nullable(),
});

const signupsSchema = z.object({
  minute: instant(z.number().refine(isPast, "not between 1970 and tomorrow")),
  country_code: countryCode,
  gender: z.string().min(1).max(64),
  count: z.int().nonnegative(),
  version,
});

/** @throws PermanentError (validation) naming the fields that are wrong, never their values */
export function parseUser(record: UserProcessed): User {
  const { id, version, staged_at, dob, registered_date, country_code } = parse(userSchema, record);
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

/** @throws PermanentError (validation) naming the fields that are wrong, never their values */
export function parseSignups(record: UserStats): Signups {
  return parse(signupsSchema, record);
}

function parse<S extends z.ZodType>(schema: S, record: unknown): z.output<S> {
  const result = schema.safeParse(record, { reportInput: false });
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new PermanentError("validation", problems.join("; "));
}

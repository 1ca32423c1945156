import type { AvroSchema } from "./avro";
import userCreated from "../../schemas/user_created.avsc";
import userProcessed from "../../schemas/user_processed.avsc";
import userStats from "../../schemas/user_stats.avsc";

/** The schemas this version of the apps is built with, parsed from apps/schemas/*.avsc. */
export const schemas = { userCreated, userProcessed, userStats } as unknown as Record<
  "userCreated" | "userProcessed" | "userStats",
  AvroSchema
>;

/** A user as staged (user_created.avsc). Times are numbers: milliseconds or microseconds since the epoch. */
export interface UserCreated {
  id: string;
  /** Microseconds since the epoch; rises with each change of the user. */
  version: number;
  /** Microseconds since the epoch. */
  staged_at: number;
  first_name: string | null;
  last_name: string | null;
  gender: string | null;
  address: string | null;
  post_code: string | null;
  city: string | null;
  state: string | null;
  country: string | null;
  nat: string | null;
  email: string | null;
  username: string | null;
  /** Milliseconds since the epoch. */
  dob: number | null;
  /** Milliseconds since the epoch. */
  registered_date: number | null;
  phone: string | null;
  picture: string | null;
}

/** A user cleaned and enriched (user_processed.avsc). */
export interface UserProcessed extends UserCreated {
  full_name: string | null;
  age: number | null;
  age_group: string | null;
  email_domain: string | null;
  country_code: string | null;
}

/** Sign-ups in one minute (user_stats.avsc). */
export interface UserStats {
  /** Start of the minute, milliseconds since the epoch. */
  minute: number;
  country_code: string;
  gender: string;
  count: number;
  /** Greatest version counted, microseconds since the epoch. */
  version: number;
}

import { createHash } from "node:crypto";

/** Number of partitions a country's day is spread over; part of the data, so never change it on kept data. */
export const BUCKETS = 16;

/** Country code of users whose country is unknown (ISO 3166 leaves ZZ to its users); a partition key cannot be null. */
const UNKNOWN_COUNTRY = "ZZ";

/** Where a user's row is in users_by_country: its whole primary key. */
export interface Location {
  countryCode: string;
  /** Day (UTC) of staging, YYYY-MM-DD. */
  day: string;
  bucket: number;
  stagedAt: Date;
  /** The user's id, lower case. */
  id: string;
}

/**
 * @param id the user's id, lower case
 * @param countryCode null when unknown
 */
export function locationOf(id: string, countryCode: string | null, stagedAt: Date): Location {
  return {
    countryCode: countryCode ?? UNKNOWN_COUNTRY,
    day: dayOf(stagedAt),
    bucket: bucketOf(id),
    stagedAt,
    id,
  };
}

/** Whether two locations of the same user are the same row. */
export function isSameLocation(a: Location, b: Location): boolean {
  return a.countryCode === b.countryCode && a.stagedAt.getTime() === b.stagedAt.getTime();
}

/** The bucket of an id (lower case): 0 … 15, the same in every language that has SHA-256. */
export function bucketOf(id: string): number {
  return createHash("sha256").update(id).digest()[0]! % BUCKETS;
}

/** The UTC day of a time, YYYY-MM-DD. */
export function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10);
}

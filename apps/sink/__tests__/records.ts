import { randomUUID } from "node:crypto";
import type { UserProcessed, UserStats } from "@pipeline/common";

/** A user as the stream job writes it: a new id, staged now, all else given; `changes` on top. */
export function userRecord(changes: Partial<UserProcessed> = {}): UserProcessed {
  const now = Date.now() * 1000;
  return {
    id: randomUUID(),
    version: now,
    staged_at: now,
    first_name: "Ada",
    last_name: "Lovelace",
    gender: "female",
    address: "12 St James's Square",
    post_code: "SW1Y 4JH",
    city: "London",
    state: "England",
    country: "United Kingdom",
    nat: "GB",
    email: "ada@example.com",
    username: "ada1815",
    dob: Date.UTC(1815, 11, 10),
    registered_date: Date.UTC(2020, 0, 2, 3, 4, 5, 678),
    phone: "020 7946 0000",
    picture: "https://example.com/ada.jpg",
    full_name: "Ada Lovelace",
    age: 36,
    age_group: "35-44",
    email_domain: "example.com",
    country_code: "GB",
    ...changes,
  };
}

/** Sign-ups of one minute; `changes` on top. */
export function statsRecord(changes: Partial<UserStats> = {}): UserStats {
  return {
    minute: Math.floor(Date.now() / 60_000) * 60_000,
    country_code: "GB",
    gender: "female",
    count: 1,
    version: Date.now() * 1000,
    ...changes,
  };
}

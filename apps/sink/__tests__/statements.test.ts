import { bucketOf, BUCKETS, isSameLocation, locationOf } from "../src/location";
import { parseUser } from "../src/records";
import { Statements } from "../src/statements";
import { userRecord } from "./records";

const statements = new Statements("spark_streams");
const user = parseUser(userRecord({ id: "6f0f7aa1-3c0c-4f0e-9a53-1c7d6f1b2a10", version: 42 }), Date.now());
const location = locationOf(user.id, user.country_code, user.stagedAt);

test("each write and delete has as many values as markers and carries the version as its timestamp", () => {
  const writes = [
    statements.insertUser(user, new Date()),
    statements.insertByCountry(user, location),
    statements.deleteByCountry(location, user.version),
    statements.insertSignups({
      minute: new Date(0),
      country_code: "GB",
      gender: "female",
      count: 1,
      version: 42,
    }),
  ];
  for (const { query, params } of writes) {
    expect(query).toContain("USING TIMESTAMP ?");
    const markers = query.split("?");
    expect(params).toHaveLength(markers.length - 1);
    const timestamp = markers.findIndex((text) => text.endsWith("TIMESTAMP "));
    expect(params[timestamp]).toBe(42);
    expect(params).not.toContain(undefined);
  }
});

test("the bucket is the first byte of the id's SHA-256 modulo 16: it must never change", () => {
  // $ printf %s 6f0f7aa1-3c0c-4f0e-9a53-1c7d6f1b2a10 | sha256sum
  expect(bucketOf(user.id)).toBe(10);
});

test("buckets are used evenly", () => {
  const counts = new Array<number>(BUCKETS).fill(0);
  for (let i = 0; i < 16_000; i++) counts[bucketOf(userRecord().id)]!++;
  for (const count of counts) expect(count).toBeGreaterThan(800);
});

test("a location is the UTC day of staging; an unknown country is ZZ", () => {
  const stagedAt = new Date("2026-11-21T23:59:59.999Z");
  expect(locationOf(user.id, null, stagedAt)).toMatchObject({
    countryCode: "ZZ",
    day: "2026-11-21",
    stagedAt,
  });
});

test("only country and staging time make another location", () => {
  expect(isSameLocation(location, locationOf(user.id, "GB", new Date(user.stagedAt)))).toBe(true);
  expect(isSameLocation(location, locationOf(user.id, "DE", user.stagedAt))).toBe(false);
  expect(isSameLocation(location, locationOf(user.id, "GB", new Date(0)))).toBe(false);
});

import type { UserProcessed, UserStats } from "@pipeline/common";
import { PermanentError } from "../src/errors";
import { parseSignups, parseUser } from "../src/records";
import { userRecord } from "./records";

const DAY_MS = 86_400_000;
const NOW = Date.now();
const IN_TWO_DAYS_MICROS = (NOW + 2 * DAY_MS) * 1000;

test("a user with every field, and one with only the required fields, are valid", () => {
  const full = userRecord({ dob: -1_000, registered_date: 5, staged_at: 1_700_000_000_123_456 });
  expect(parseUser(full, NOW)).toMatchObject({
    first_name: "Ada",
    stagedAt: new Date(1_700_000_000_123),
    dob: new Date(-1_000),
    registeredDate: new Date(5),
  });
  const nullable = Object.keys(full).filter((name) => !["id", "version", "staged_at"].includes(name));
  const bare = { ...full, ...Object.fromEntries(nullable.map((name) => [name, null])) };
  expect(parseUser(bare, NOW)).toMatchObject({
    id: full.id,
    first_name: null,
    dob: null,
    country_code: null,
  });
});

test("an id in capitals is the same user", () => {
  const { id } = userRecord();
  expect(parseUser(userRecord({ id: id.toUpperCase() }), NOW).id).toBe(id);
});

test.each<[string, Partial<UserProcessed>]>([
  ["id", { id: "42" }],
  ["id", { id: "" }],
  ["version", { version: 0 }],
  ["version", { version: -1 }],
  ["version", { version: IN_TWO_DAYS_MICROS }],
  ["version", { version: undefined }],
  ["staged_at", { staged_at: -1 }],
  ["staged_at", { staged_at: IN_TWO_DAYS_MICROS }],
  ["dob", { dob: 9e15 }],
  ["registered_date", { registered_date: -9e15 }],
  ["country_code", { country_code: "Germany" }],
])("a user with a wrong %s (%j) can never be stored", (field, wrong) => {
  const error = thrown(() => parseUser(userRecord(wrong), NOW));
  expect(error).toBeInstanceOf(PermanentError);
  expect(error).toMatchObject({
    errorClass: "validation",
    message: expect.stringContaining(field) as string,
  });
});

test.each([
  ["this machine's clock", 0, NOW - 2 * DAY_MS],
  ["the broker's clock", -2 * DAY_MS, NOW],
])("%s being two days behind makes no user wrong", (_whose, brokerBehind, machine) => {
  jest.spyOn(Date, "now").mockReturnValue(machine);
  const user = userRecord({ version: NOW * 1000, staged_at: NOW * 1000 });
  expect(parseUser(user, NOW + brokerBehind).id).toBe(user.id);
  jest.restoreAllMocks();
});

test("every problem is named, no value is", () => {
  const error = thrown(() => parseUser(userRecord({ id: "Ada-Lovelace", country_code: "Britain" }), NOW));
  expect(error.message).toContain("id");
  expect(error.message).toContain("country_code");
  expect(error.message).not.toMatch(/Ada|Britain/);
});

const STATS: UserStats = { minute: 60_000, country_code: "DE", gender: "female", count: 3, version: 7 };

test("sign-ups are valid, also of an unknown country", () => {
  expect(parseSignups({ ...STATS, country_code: "ZZ" }, NOW)).toEqual({
    minute: new Date(60_000),
    country_code: "ZZ",
    gender: "female",
    count: 3,
    version: 7,
  });
});

test.each<Partial<UserStats>>([
  { minute: -1 },
  { country_code: "" },
  { gender: "" },
  { count: -1 },
  { version: 0 },
])("sign-ups with %j can never be stored", (wrong) => {
  expect(() => parseSignups({ ...STATS, ...wrong }, NOW)).toThrow(PermanentError);
});

function thrown(action: () => unknown): Error {
  try {
    action();
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was thrown");
}

import { randomBytes } from "node:crypto";
import { isNat, type Nat, NATIONALITIES } from "./nationalities";
import { parsePasswordRule, type PasswordRule } from "./password";
import type { User } from "./record";

/** The fields of a record, in the order in which the API gives them. */
export const FIELDS = [
  "gender",
  "name",
  "location",
  "email",
  "login",
  "dob",
  "registered",
  "phone",
  "cell",
  "id",
  "picture",
  "nat",
] as const satisfies readonly (keyof User)[];

/** One of {@link FIELDS}. */
export type Field = (typeof FIELDS)[number];

/** Most users one request may ask for. */
const MAX_RESULTS = 5000;
const MAX_PAGE = 10_000;
const FORMATS = ["json", "pretty", "prettyjson"];

/** A request's parameters after the API's own rules were applied to them. */
export interface UserQuery {
  results: number;
  page: number;
  /** The caller's, or 16 random hexadecimal digits. */
  seed: string;
  nats: readonly Nat[];
  /** `null`: both. */
  gender: "male" | "female" | null;
  fields: readonly Field[];
  /** Whether the answer has the `info` block. */
  info: boolean;
  /** `null`: a word. */
  password: PasswordRule | null;
  /** Whether the JSON is indented. */
  pretty: boolean;
}

/** A parameter that cannot be honoured; its message is for the caller. */
export class QueryError extends Error {}

/** Query string parameters as a server's parser gives them: a repeated one is an array. */
export type RawQuery = Readonly<Record<string, string | string[] | undefined>>;

/**
 * Applies the API's rules: what is out of range or unknown is ignored, never refused.
 *
 * - `results` outside 1..{@link MAX_RESULTS} → 1; `page` outside 1..10000 → 1
 * - one unknown code makes the whole `nat` list ignored
 * - `gender` is ignored when a seed is given
 * - of a repeated parameter the last one counts
 *
 * @throws QueryError for a format other than JSON: the original also has CSV, YAML and XML.
 */
export function parseQuery(raw: RawQuery): UserQuery {
  const get = (name: string): string | undefined => {
    const value = raw[name];
    return Array.isArray(value) ? value.at(-1) : value;
  };
  const format = (get("format") || "json").toLowerCase();
  if (!FORMATS.includes(format)) {
    throw new QueryError(`format ${JSON.stringify(format)} is not served here: use json or pretty`);
  }
  const seed = get("seed") ?? "";
  const gender = get("gender");
  return {
    results: inRange(get("results"), MAX_RESULTS),
    page: inRange(get("page"), MAX_PAGE),
    seed: seed || randomBytes(8).toString("hex"),
    nats: parseNats(get("nat")),
    gender: !seed && (gender === "male" || gender === "female") ? gender : null,
    fields: parseFields(get("inc"), get("exc")),
    info: get("noinfo") === undefined,
    password: parsePasswordRule(get("password")),
    pretty: format !== "json",
  };
}

function inRange(text: string | undefined, max: number): number {
  const value = Number(text);
  return Number.isInteger(value) && value >= 1 && value <= max ? value : 1;
}

function parseNats(text: string | undefined): readonly Nat[] {
  const codes = list(text).map((code) => code.toUpperCase());
  return codes.length > 0 && codes.every(isNat) ? codes : NATIONALITIES;
}

function parseFields(inc: string | undefined, exc: string | undefined): Field[] {
  const included = list(inc).map((name) => name.toLowerCase());
  const excluded = list(exc).map((name) => name.toLowerCase());
  return FIELDS.filter(
    (field) => (included.length === 0 || included.includes(field)) && !excluded.includes(field),
  );
}

function list(text = ""): string[] {
  return text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

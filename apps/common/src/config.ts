import { readFileSync } from "node:fs";
import { z } from "zod";

/** An environment variable with an invalid value. */
export interface ConfigProblem {
  variable: string;
  /** Given value, ready to print; never the value of a secret. */
  given: string;
  /** Expected values, or the cause of the problem. */
  allowed: string;
}

/** Thrown for an invalid environment; lists every problem. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly ConfigProblem[]) {
    super(
      [
        `Invalid configuration, ${problems.length} problem${problems.length === 1 ? "" : "s"}:`,
        ...problems.map((p) => `  ${p.variable}: got ${p.given}; expected ${p.allowed}`),
      ].join("\n"),
    );
    this.name = "ConfigError";
  }
}

const PORT = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .pipe(z.int().min(1).max(65535));
const HOST_PORT = /^[A-Za-z0-9._-]+:\d{1,5}$/;
const HOST = /^[A-Za-z0-9._:-]+$/;
const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

const list = (element: RegExp) =>
  z
    .string()
    .transform((text) => text.split(",").map((part) => part.trim()))
    .pipe(z.array(z.string().regex(element)).min(1));

/**
 * The kinds of variables our apps have. Each is a zod schema over the variable's text whose description says what is
 * allowed (it is printed when it is not). Call `.default(…)` or `.optional()` on it for one that may be left out.
 */
export const env = {
  /** Any text but the empty one. */
  text: () => z.string().min(1).describe("any text"),
  /** A text never to be printed, with a twin `NAME_FILE` naming a file that holds it. */
  secret: () => z.string().min(1).meta({ secret: true, description: "any text, or a file that holds it" }),
  /** A TCP port as a number. */
  port: () => PORT.describe("a port, 1 to 65535"),
  /** A whole number within limits (inclusive). */
  int: (min: number, max: number) =>
    z
      .string()
      .regex(/^-?\d+$/)
      .transform(Number)
      .pipe(z.int().min(min).max(max))
      .describe(`a whole number, ${min} to ${max}`),
  /** One host name or address. */
  host: () => z.string().regex(HOST).describe("a host name or address"),
  /** Host names or addresses, comma separated, as an array. */
  hosts: () => list(HOST).describe("host names or addresses, comma separated"),
  /** `host:port` pairs, comma separated, as an array. */
  hostPorts: () => list(HOST_PORT).describe("host:port, several comma separated"),
  /** The address of an HTTP service, without a trailing slash. */
  httpUrl: () =>
    z
      .url({ protocol: /^https?$/ })
      .transform((url) => url.replace(/\/+$/, ""))
      .describe("a URL that begins with http:// or https://"),
  /** The name of a topic, consumer group, keyspace, publication: letters, digits, `_`, `.`, `-`. */
  name: () => env.matching(/^[A-Za-z0-9_.-]{1,249}$/, "a name of letters, digits, _ . -"),
  /** Text that fits a pattern; `allowed` says in words which. */
  matching: (pattern: RegExp, allowed: string) => z.string().regex(pattern).describe(allowed),
  /** How much is logged; info unless told. */
  logLevel: () => z.enum(LOG_LEVELS).describe(LOG_LEVELS.join(", ")).default("info"),
};

/** Variables by name; each a schema over the variable's text (see {@link env}). */
export type ConfigSpec = Record<string, z.ZodType>;

/** What {@link loadConfig} returns for a spec: a value per variable, under the variable's name. */
export type Config<S extends ConfigSpec> = { [K in keyof S]: z.output<S[K]> };

/**
 * Reads a configuration from environment variables. An empty variable counts as absent. A secret may be given as
 * `NAME_FILE`, a path: the file's content without trailing newlines is the value; giving both is an error.
 *
 * @throws ConfigError naming every variable that is missing or wrong.
 */
export function loadConfig<S extends ConfigSpec>(
  spec: S,
  environment: NodeJS.ProcessEnv = process.env,
): Config<S> {
  const problems: ConfigProblem[] = [];
  const values: Record<string, unknown> = {};
  for (const [variable, schema] of Object.entries(spec)) {
    const { secret = false, description: allowed = "" } = metadataOf(schema);
    let text: string | undefined;
    try {
      text = secret ? secretText(variable, environment) : given(variable, environment);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      problems.push(...error.problems);
      continue;
    }
    const parsed = schema.safeParse(text);
    if (parsed.success) {
      values[variable] = parsed.data;
    } else {
      const shown = text === undefined ? "nothing" : secret ? "a value (not shown)" : JSON.stringify(text);
      problems.push({
        variable: secret ? `${variable} or ${variable}_FILE` : variable,
        given: shown,
        allowed,
      });
    }
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return values as Config<S>;
}

/** What {@link env} says about a variable, also behind `.default(…)` and `.optional()`. */
function metadataOf(schema: z.ZodType): { description?: string; secret?: boolean } {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional)
    return metadataOf(schema.unwrap() as z.ZodType);
  return z.globalRegistry.get(schema) ?? {};
}

function given(variable: string, environment: NodeJS.ProcessEnv): string | undefined {
  return environment[variable] || undefined;
}

function secretText(variable: string, environment: NodeJS.ProcessEnv): string | undefined {
  const value = given(variable, environment);
  const path = given(`${variable}_FILE`, environment);
  if (path === undefined) return value;
  const problem = (allowed: string) =>
    new ConfigError([{ variable: `${variable}_FILE`, given: JSON.stringify(path), allowed }]);
  if (value !== undefined) throw problem(`only one of ${variable} and ${variable}_FILE`);
  try {
    return readFileSync(path, "utf8").replace(/[\r\n]+$/, "") || undefined;
  } catch (error) {
    throw problem(`a readable file (${(error as NodeJS.ErrnoException).code ?? String(error)})`);
  }
}

import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError, env, loadConfig } from "../src";

const SPEC = {
  BROKERS: env.hostPorts(),
  REGISTRY: env.httpUrl(),
  TOPIC: env.name().default("users"),
  PASSWORD: env.secret(),
  PORT: env.port().default(8080),
  ROWS: env.int(1, 10).optional(),
  LOG_LEVEL: env.logLevel(),
};
const NO_PASSWORD = { BROKERS: "a:1, b.c:29092", REGISTRY: "http://registry:8081/" };
const GOOD = { ...NO_PASSWORD, PASSWORD: "pw" };

function secretFile(content: string): string {
  const path = join(mkdtempSync(join(tmpdir(), "config-")), "secret");
  writeFileSync(path, content);
  return path;
}

function problemsOf(environment: NodeJS.ProcessEnv): Record<string, { given: string; allowed: string }> {
  try {
    loadConfig(SPEC, environment);
  } catch (error) {
    if (error instanceof ConfigError) {
      return Object.fromEntries(error.problems.map(({ variable, ...rest }) => [variable, rest]));
    }
  }
  throw new Error("expected a ConfigError");
}

test("values are parsed, defaults filled in, an empty variable counts as absent", () => {
  expect(loadConfig(SPEC, { ...GOOD, PORT: "", ROWS: "7", LOG_LEVEL: "warn" })).toEqual({
    BROKERS: ["a:1", "b.c:29092"],
    REGISTRY: "http://registry:8081",
    TOPIC: "users",
    PASSWORD: "pw",
    PORT: 8080,
    ROWS: 7,
    LOG_LEVEL: "warn",
  });
});

test("every problem is reported at once, with what was given and what is allowed", () => {
  const problems = problemsOf({
    BROKERS: "nonsense",
    REGISTRY: "ftp://x",
    PORT: "70000",
    ROWS: "11",
    LOG_LEVEL: "loud",
  });
  expect(problems).toEqual({
    BROKERS: { given: '"nonsense"', allowed: "host:port, several comma separated" },
    REGISTRY: { given: '"ftp://x"', allowed: "a URL that begins with http:// or https://" },
    "PASSWORD or PASSWORD_FILE": { given: "nothing", allowed: "any text, or a file that holds it" },
    PORT: { given: '"70000"', allowed: "a port, 1 to 65535" },
    ROWS: { given: '"11"', allowed: "a whole number, 1 to 10" },
    LOG_LEVEL: { given: '"loud"', allowed: "trace, debug, info, warn, error, fatal, silent" },
  });
});

test.each(["0", "65536", "-1", "80.5", "8080x", "1e3", " 80"])("%j is not a port", (PORT) => {
  expect(Object.keys(problemsOf({ ...GOOD, PORT }))).toEqual(["PORT"]);
});

test.each([
  ["no newline", "s3cret"],
  ["a newline", "s3cret\n"],
  ["a Windows newline", "s3cret\r\n"],
])("a secret comes from its file, which ends in %s", (_, content) => {
  expect(loadConfig(SPEC, { ...NO_PASSWORD, PASSWORD_FILE: secretFile(content) }).PASSWORD).toBe("s3cret");
});

test("both a secret and its file is a problem, and neither the secret nor the file's content is shown", () => {
  const environment = { ...GOOD, PASSWORD: "hunter2", PASSWORD_FILE: secretFile("hunter3") };
  expect(Object.keys(problemsOf(environment))).toEqual(["PASSWORD_FILE"]);
  expect(() => loadConfig(SPEC, environment)).toThrow(/only one of PASSWORD and PASSWORD_FILE/);
  expect(() => loadConfig(SPEC, environment)).not.toThrow(/hunter/);
});

test("a file that cannot be read is named with the reason; an empty one counts as no secret", () => {
  expect(problemsOf({ ...NO_PASSWORD, PASSWORD_FILE: "/does/not/exist" })).toEqual({
    PASSWORD_FILE: { given: '"/does/not/exist"', allowed: "a readable file (ENOENT)" },
  });
  expect(Object.keys(problemsOf({ ...NO_PASSWORD, PASSWORD_FILE: secretFile("\n") }))).toEqual([
    "PASSWORD or PASSWORD_FILE",
  ]);
});

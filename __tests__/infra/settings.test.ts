import {
  definitions,
  resolveEach,
  resolveSettings,
  retiredNotices,
  SettingsError,
} from "../../infra/settings";
import { RETIRED } from "../../infra/settings/retired";

/** The problems with some settings. */
function problems(context: unknown, environment: Record<string, string> = {}): readonly string[] {
  try {
    resolveSettings(context, environment);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
}

test("without any, every setting has its default", () => {
  expect(resolveSettings(undefined)).toMatchSnapshot();
});

test("one port can be changed without naming the others", () => {
  expect(resolveSettings({ ports: { airflow: 18080 } }).ports).toMatchObject({ airflow: 18080, kafka: 9092 });
});

test("the environment overrides cdktf.json; an empty variable says nothing", () => {
  const context = { workers: 2, usersPerRun: 10, ports: { kafka: 19092 } };
  const environment = { PIPELINE_WORKERS: "3", PIPELINE_PORTS_KAFKA: "29093", PIPELINE_USERS_PER_RUN: "" };
  expect(resolveSettings(context, environment)).toMatchObject({
    workers: 3,
    usersPerRun: 10,
    ports: { kafka: 29093 },
  });
  const origins = Object.fromEntries(
    resolveEach(context, environment).map(({ definition, origin }) => [definition.name, origin]),
  );
  expect(origins).toMatchObject({ workers: "environment", usersPerRun: "cdktf.json", partitions: "default" });
});

test("every problem is reported: the setting, the value given, the values expected", () => {
  const context = { workers: 0, usersPerRun: "many", ports: { kafka: 70000 }, heap: { broker: 896 } };
  expect(problems(context, { PIPELINE_SCHEDULE: "every minute", PIPELINE_PARTITIONS: "3.5" })).toEqual([
    `PIPELINE_SCHEDULE: got "every minute"; expected five cron fields (minute hour day month weekday), or @hourly, @daily, @weekly, @monthly, @yearly`,
    `usersPerRun: got "many"; expected a whole number from 1 to 100,000`,
    `workers: got 0; expected a whole number from 1 to 16`,
    `PIPELINE_PARTITIONS: got "3.5"; expected a whole number from 1 to 64`,
    `ports.kafka: got 70000; expected a port, 1 to 65535`,
    `heap.broker: got 896; expected less than memory.broker (896), which also covers memory outside the heap`,
  ]);
});

test.each([
  [{ worker: 2 }, {}, "unknown setting worker; did you mean workers?"],
  [{ ports: { kafak: 1 } }, {}, "unknown setting ports.kafak; did you mean ports.kafka?"],
  [{}, { PIPELINE_WORKER: "2" }, "unknown setting PIPELINE_WORKER; did you mean PIPELINE_WORKERS?"],
  [{ ports: 8080 }, {}, "ports: got 8080; expected an object with settings"],
])("an unknown setting is a problem: %j %j", (context, environment, message) => {
  expect(problems(context, environment)).toEqual([message]);
});

test.each(["* * * * *", "*/5 8-18 * * 1-5", "@hourly"])("%s is a schedule", (schedule) => {
  expect(resolveSettings({ schedule }).schedule).toBe(schedule);
});

test.each(["", "* * * *", "60 * * * *", "* * * * * *", "@never"])("%j is no schedule", (schedule) => {
  expect(problems({ schedule })).toHaveLength(1);
});

test.each(["embedded", "https://randomuser.me/api/", "http://localhost:1234/api"])(
  "%s is a source",
  (source) => {
    expect(resolveSettings({ source }).source).toBe(source);
  },
);

test.each(["internet", "randomuser.me/api", "ftp://example.com"])("%s is no source", (source) => {
  expect(problems({ source })).toHaveLength(1);
});

test("two servers on one port are a problem that names both, also if another setting is invalid", () => {
  expect(problems({ workers: 0, ports: { airflow: 9090 } })).toContain(
    "ports.sparkMaster: got 9090, which is also ports.airflow; expected a port that no other server uses",
  );
});

test("by default, Cassandra's limit leaves a gigabyte for what is outside its heap", () => {
  const { memory, heap } = resolveSettings(undefined);
  expect(memory.cassandra).toBeGreaterThanOrEqual(heap.cassandra + 1024);
});

test("every setting says what it is, and no two share a variable", () => {
  expect(definitions.every(({ description, allowed }) => description !== "" && allowed !== "")).toBe(true);
  expect(new Set(definitions.map(({ variable }) => variable)).size).toBe(definitions.length);
});

describe("a retired setting", () => {
  const retired = [
    { name: "heap.producer", since: "0.2.0", reason: "the producer has no Java heap" },
    { name: "legacy.mode", since: "0.3.0", reason: "there is one mode only" },
  ];
  const inFile = { heap: { producer: 64, broker: 300 }, legacy: { mode: "fast" } };
  const inEnvironment = { PIPELINE_HEAP_PRODUCER: "64", PIPELINE_LEGACY_MODE: "" };

  test("is ignored, wherever it is set", () => {
    expect(resolveSettings(inFile, inEnvironment, retired)).toEqual(
      resolveSettings({ heap: { broker: 300 } }),
    );
  });

  test("gives one line that names the setting, its release and the reason", () => {
    expect(retiredNotices(inFile, {}, retired)).toEqual([
      "setting heap.producer is retired since 0.2.0 and ignored: the producer has no Java heap",
      "setting legacy.mode is retired since 0.3.0 and ignored: there is one mode only",
    ]);
  });

  test("gives one line if the file and the environment set it; an empty variable does not set it", () => {
    expect(retiredNotices({ heap: { producer: 1 } }, inEnvironment, retired)).toEqual([
      "setting PIPELINE_HEAP_PRODUCER is retired since 0.2.0 and ignored: the producer has no Java heap",
    ]);
  });

  test("gives no line where nothing sets it", () => {
    expect(retiredNotices({ heap: { broker: 300 } }, { PIPELINE_WORKERS: "2" }, retired)).toEqual([]);
  });

  test("does not hide an unknown setting beside it", () => {
    expect(() => resolveSettings({ legacy: { mode: "fast", mood: 1 } }, {}, retired)).toThrow(SettingsError);
  });

  test("is not a setting in force", () => {
    const inForce = definitions.map(({ name }) => name);
    expect(RETIRED.filter(({ name }) => inForce.includes(name))).toEqual([]);
  });
});

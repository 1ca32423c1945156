import { resolveSettings, SettingsError } from "../../infra/settings";

/** The problems with some settings. */
function problems(given: unknown): readonly string[] {
  try {
    resolveSettings(given);
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

test("all mistakes are told at once: the setting, the value given, what is allowed", () => {
  const told = problems({ workers: 0, usersPerRun: "many", ports: { kafka: 70000 } });
  expect(told).toHaveLength(3);
  expect(told.join("\n")).toMatch(/workers is 0: .*>=1/);
  expect(told.join("\n")).toMatch(/usersPerRun is "many"/);
  expect(told.join("\n")).toMatch(/ports\.kafka is 70000: .*<=65535/);
});

test("an unknown setting is a mistake", () => {
  expect(problems({ worker: 2 }).join()).toMatch(/worker/);
});

test("two services on one port are a mistake that names both", () => {
  expect(problems({ ports: { airflow: 9090 } })).toEqual([
    "ports.sparkMaster: 9090 is also the port of airflow; give one of them another",
  ]);
});

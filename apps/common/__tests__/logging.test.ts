import { logLevel } from "kafkajs";
import { createLogger, kafkaLogCreator } from "../src";

function logger() {
  const lines: Record<string, unknown>[] = [];
  const write = (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>);
  return { logger: createLogger("test", "info", { write }), lines };
}

test("lines are JSON with level, time, app and message", () => {
  const { logger: log, lines } = logger();
  log.info({ id: "42" }, "hello");
  log.debug("not at this level");
  expect(lines).toEqual([
    {
      level: "info",
      time: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      app: "test",
      id: "42",
      msg: "hello",
    },
  ]);
});

test("of an error only what cannot carry a row's values is logged", () => {
  const { logger: log, lines } = logger();
  const cause = Object.assign(new Error("inner"), { detail: "Failing row contains (Jane)" });
  const err = Object.assign(new Error("outer", { cause }), {
    code: "23502",
    where: "Jane",
    parameters: ["Jane"],
  });
  log.error({ err }, "failed");
  expect(lines[0]!["err"]).toMatchObject({
    type: "Error",
    message: "outer",
    code: "23502",
    cause: { message: "inner" },
  });
  expect(JSON.stringify(lines)).not.toContain("Jane");
});

test("kafkajs logs through it: errors as warnings, single attempts only for debugging", () => {
  const { logger: log, lines } = logger();
  const entry = { timestamp: "t", logger: "kafkajs", message: "lost", groupId: "g" };
  const write = kafkaLogCreator(log)(logLevel.WARN);
  write({ namespace: "Connection", level: logLevel.ERROR, label: "ERROR", log: entry });
  write({ namespace: "Consumer", level: logLevel.ERROR, label: "ERROR", log: entry });
  expect(lines).toMatchObject([
    { level: "warn", app: "test", component: "kafkajs", namespace: "Consumer", groupId: "g", msg: "lost" },
  ]);
});

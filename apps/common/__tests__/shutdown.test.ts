import { AppProcess, bundle, until } from "../testing/app-process";

let file: string;
beforeAll(async () => {
  file = await bundle("common/testing/fixtures/stopping-app.ts");
});

async function started(MODE: string): Promise<AppProcess> {
  const app = new AppProcess(file, { MODE, PORT: "1" });
  await until("it runs", () => app.output.includes("running"));
  return app;
}

test.each(["SIGTERM", "SIGINT"] as const)(
  "%s runs the steps, the last first, and exits with 0",
  async (signal) => {
    const app = await started("clean");
    expect(await app.stop(signal)).toBe(0);
    expect(app.output).toMatch(/last step[^]*first step[^]*stopped/);
  },
);

test("a step that fails does not keep the others from running; exit code 1", async () => {
  const app = await started("fail");
  expect(await app.stop()).toBe(1);
  expect(app.output).toMatch(/step failed[^]*first step/);
});

test("after the grace period it exits with 1", async () => {
  const app = await started("overdue");
  expect(await app.stop()).toBe(1);
  expect(app.output).toContain("grace period is over");
});

test("a second signal exits at once", async () => {
  const app = await started("hang");
  void app.stop("SIGTERM");
  await until("it is stopping", () => app.output.includes('"msg":"stopping"'));
  expect(await app.stop("SIGTERM")).toBe(128 + 15);
});

test("an error nobody caught is logged and exits with 1", async () => {
  const app = new AppProcess(file, { MODE: "throw", PORT: "1" });
  expect(await app.exit).toBe(1);
  expect(app.output).toMatch(/"fatal".*nobody catches this/);
});

test("an invalid configuration is printed as one block and exits with 78", async () => {
  const app = new AppProcess(file, { MODE: "x" });
  expect(await app.exit).toBe(78);
  expect(app.output).toBe(
    "Invalid configuration, 2 problems:\n" +
      "  PORT: got nothing; expected a port, 1 to 65535\n" +
      '  MODE: got "x"; expected clean, hang, overdue, fail, throw\n',
  );
});

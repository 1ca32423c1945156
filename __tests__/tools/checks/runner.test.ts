import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "@pipeline/common/testing/app-process";
import execa from "execa";
import type { Described } from "./program";

/** Starts a run of checks as a program of its own. */
function start(checks: readonly Described[]): execa.ExecaChildProcess {
  const program = ["--import", "tsx", join(__dirname, "program.ts"), JSON.stringify(checks)];
  return execa(process.execPath, program, { env: { NO_COLOR: "1" }, reject: false });
}

const folder = mkdtempSync(join(tmpdir(), "runner-"));
const mark = (name: string) => join(folder, name);
/** Statements of a check's script. */
const write = (name: string) => `require("fs").writeFileSync("${mark(name)}", String(process.pid));`;
const PASS = "result(1, 0);";
/** Whether a process is there and no zombie, see proc(5). */
const isRunning = (pid: number) =>
  existsSync(`/proc/${pid}/stat`) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));

const lastLine = (output: string) => output.trimEnd().split("\n").at(-1);

test("the output of checks that run side by side does not mix", async () => {
  const lines = (name: string) =>
    `let n = 0; setInterval(() => { console.log("${name}", ++n); if (n === 5) { ${PASS} process.exit() } }, 20)`;
  const { stdout, exitCode } = await start(["one", "two"].map((name) => ({ name, script: lines(name) })));
  for (const name of ["one", "two"]) {
    expect(stdout).toContain(`── ${name}\n${[1, 2, 3, 4, 5].map((n) => `${name} ${n}`).join("\n")}\n`);
  }
  expect(lastLine(stdout)).toBe("2 passed, 0 failed");
  expect(exitCode).toBe(0);
});

test("the end names the tests that failed, below the table, whose last rows are their checks", async () => {
  const { stdout } = await start([
    { name: "bad", script: `result(1, 2, ["adds", "subtracts"]);` },
    { name: "good", script: `setTimeout(() => { ${PASS} }, 200)` },
  ]);
  expect(stdout).toMatch(/✔ +good .*\n +✘ +bad .*\n +✘ +together/);
  expect(stdout).toMatch(/\n\n {2}✘ bad: adds\n {2}✘ bad: subtracts\n\n2 passed, 2 failed$/);
});

test("a check starts when what it needs has passed, and what it comes after has ended", async () => {
  const needs = (...files: string[]) =>
    `result(...(${JSON.stringify(files.map(mark))}.every(require("fs").existsSync) ? [1, 0] : [0, 1]));`;
  const later = (name: string, end: string) => `setTimeout(() => { ${write(name)} ${end} }, 200);`;
  const { stdout } = await start([
    { name: "last", script: needs("needed", "earlier"), needs: ["needed"], after: ["earlier"] },
    { name: "needed", script: later("needed", PASS) },
    { name: "earlier", script: later("earlier", "result(0, 1);") },
  ]);
  expect(stdout).toMatch(/✔ +last +1 passed +0 failed/);
  expect(lastLine(stdout)).toBe("2 passed, 1 failed");
});

test("when a check fails, the others finish, what needs it is not run, and its output stands last", async () => {
  const { stdout, exitCode } = await start([
    { name: "bad", script: `console.log("what is wrong"); result(3, 2);` },
    { name: "slow", script: `setTimeout(() => { console.log("slow as ever"); ${PASS} }, 500)` },
    { name: "dependent", script: PASS, needs: ["bad"] },
  ]);
  expect(stdout).toContain('dependent was not run: it needs "bad", which did not pass');
  expect(stdout.indexOf("── bad\nwhat is wrong")).toBeGreaterThan(stdout.indexOf("slow as ever"));
  expect(stdout).toMatch(/✘ +bad +3 passed +2 failed/);
  expect(lastLine(stdout)).toBe("4 passed, 3 failed");
  expect(exitCode).toBe(1);
});

test("a check whose process ends without a result has failed", async () => {
  const { stdout, exitCode } = await start([
    { name: "gone", script: `process.kill(process.pid, "SIGKILL")` },
  ]);
  expect(lastLine(stdout)).toBe("0 passed, 1 failed");
  expect(exitCode).toBe(1);
});

test("Ctrl-C stops a check with all that it started, and only cleans up after that", async () => {
  // A grandchild that outlives its parent, has a process group of its own, as browsers do, and ignores the signal.
  const stubborn = `process.on("SIGINT", () => {}); ${write("stubborn")} setInterval(() => {}, 1000);`;
  const child = `require("child_process").spawn(process.execPath, ["--eval", ${JSON.stringify(stubborn)}], { detached: true });`;
  const run = start([
    { name: "servers", script: `${child} setInterval(() => {}, 1000)` },
    { name: "tests", script: write("tests") + PASS, needs: ["servers"] },
    { name: "never started", script: PASS, needs: ["tests"] },
    { name: "removed", script: write("removed") + PASS, after: ["tests"], cleansUp: "servers" },
    {
      name: "not to remove",
      script: write("nothing") + PASS,
      cleansUp: "never started",
      after: ["never started"],
    },
  ]);
  await until("the check has started its server", () => existsSync(mark("stubborn")));
  run.kill("SIGINT");
  const { stdout, exitCode } = await run;
  expect(exitCode).toBe(130);
  expect(existsSync(mark("removed"))).toBe(true);
  expect(existsSync(mark("tests"))).toBe(false);
  expect(existsSync(mark("nothing"))).toBe(false);
  await until("the server is gone", () => !isRunning(Number(readFileSync(mark("stubborn"), "utf8"))));
  expect(stdout).toContain("interrupted: stopping what is running, then cleaning up");
});

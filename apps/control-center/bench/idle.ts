/*
 * Measures a Control Center that nobody looks at: memory, CPU, and how long the first page takes.
 *
 *     npx tsx apps/control-center/bench/idle.ts URL PID [SECONDS]
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const GOALS = { mebibytes: 120, percent: 3, milliseconds: 1_000 };
const FIRST_PAGE = ["/", "/app.js", "/app.css", "/api/pipeline"];

/** CPU time that a process has used, seconds. */
function cpuSeconds(pid: string): number {
  // After the name, which may hold spaces: fields 14 and 15 of proc(5) are user and system time.
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  const ticksPerSecond = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** Resident memory of a process, MiB. */
function residentMebibytes(pid: string): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
}

/** How long it takes to get everything that the first page needs, milliseconds. */
async function firstPage(url: string): Promise<number> {
  const begin = performance.now();
  for (const path of FIRST_PAGE) await (await fetch(url + path)).arrayBuffer();
  return performance.now() - begin;
}

async function main(): Promise<void> {
  const [url, pid, seconds = "60"] = process.argv.slice(2);
  if (url === undefined || pid === undefined) throw new Error("usage: idle.ts URL PID [SECONDS]");
  const page = await firstPage(url);
  const before = cpuSeconds(pid);
  await sleep(Number(seconds) * 1_000);
  const percent = ((cpuSeconds(pid) - before) / Number(seconds)) * 100;
  const report = (name: string, value: number, unit: string, goal: number) =>
    console.log(`${name.padEnd(28)} ${value.toFixed(1).padStart(8)} ${unit}  goal: at most ${goal} ${unit}`);
  report("resident memory", residentMebibytes(pid), "MiB", GOALS.mebibytes);
  report(`CPU, idle for ${seconds} s`, percent, "%", GOALS.percent);
  report("first page, all its parts", page, "ms", GOALS.milliseconds);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});

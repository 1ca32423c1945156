import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TARGETS, type Target as TargetName } from "../../infra/platforms/common";
import { pc, table } from "../cli/console";
import { ROOT } from "../cli/project";

/** Figures measured at one target. */
export interface Figures {
  readonly measured: string;
  readonly synthCpuSeconds: number;
  readonly delayMilliseconds: Readonly<Record<"p50" | "p95" | "p99" | "max", number>>;
  readonly usersPerSecond: number;
  /** By container or pod. */
  readonly residentMiB: Readonly<Record<string, number>>;
}

const DIRECTORY = join(ROOT, ".cache/bench");
/** Memory targets, as in docs/performance.md: the containers on Docker, and a cluster with everything in it. */
const MEMORY_GOALS: Readonly<Record<TargetName, string>> = { docker: "6,144 MiB", kind: "8,192 MiB" };

/** Saves figures in one file for this run, and in one file for the newest run of the target. */
export function keep(target: TargetName, figures: Figures): void {
  mkdirSync(DIRECTORY, { recursive: true });
  const text = `${JSON.stringify(figures, null, 2)}\n`;
  for (const name of [`${target}-${figures.measured}`, target]) {
    writeFileSync(join(DIRECTORY, `${name}.json`), text);
  }
}

/** Formats the newest figures of each measured target, side by side. */
export function comparison(): string {
  const newest = TARGETS.flatMap((target) => {
    const file = join(DIRECTORY, `${target}.json`);
    return existsSync(file) ? [{ target, ...(JSON.parse(readFileSync(file, "utf8")) as Figures) }] : [];
  });
  const row = (name: string, show: (figures: Figures) => string, goal: string) => [
    name,
    ...newest.map(show),
    goal,
  ];
  const ms = (key: keyof Figures["delayMilliseconds"]) => (figures: Figures) =>
    `${figures.delayMilliseconds[key].toLocaleString("en")} ms`;
  const goals = newest.map(({ target }) => MEMORY_GOALS[target]).join(" | ");
  const rows = [
    ["", ...newest.map(({ target }) => target), "target"],
    ["measured", ...newest.map(({ measured }) => measured.slice(0, 16).replace("T", " ")), ""],
    row("synth, CPU seconds", ({ synthCpuSeconds }) => String(synthCpuSeconds), "2"),
    row("latency at 100 users/s, p50", ms("p50"), ""),
    row("  p95", ms("p95"), ""),
    row("  p99", ms("p99"), "1,000 ms"),
    row("  max", ms("max"), ""),
    row("throughput, users/s", ({ usersPerSecond }) => usersPerSecond.toLocaleString("en"), "1,000"),
    row("resident memory", (figures) => `${total(figures).toLocaleString("en")} MiB`, goals),
  ];
  const [heading = "", ...lines] = table(rows).split("\n");
  return [pc.bold(heading), ...lines].join("\n");
}

/** Formats the memory of each container or pod, the largest first. */
export function memoryTable({ residentMiB }: Figures): string {
  const parts = Object.entries(residentMiB).sort(([, a], [, b]) => b - a);
  return table(parts.map(([name, mib]) => [name, `${mib} MiB`]));
}

function total({ residentMiB }: Figures): number {
  return Object.values(residentMiB).reduce((sum, mib) => sum + mib, 0);
}

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Names } from "../../infra/platforms/docker";
import { table } from "../cli/console";
import { pipelineStack, ROOT, settings, synthesized } from "../cli/project";
import { Terraform } from "../cli/terraform";
import { delays, memory, reader, synthCpu, throughput } from "./measure";
import { Stager } from "./users";

/** Milliseconds for compactions and the like to end. */
const SETTLE = 10_000;

/** Measures the pipeline that is up, prints the figures and keeps them in .cache/bench. */
async function main(): Promise<void> {
  const { ports, namePrefix } = settings();
  const passwords = await new Terraform(synthesized(pipelineStack())).passwords();
  const stager = new Stager(ports, passwords);
  const cassandra = reader(ports, passwords);
  await Promise.all([stager.connect(), cassandra.connect()]);
  try {
    console.log("measuring: synth; 50,000 users at once; 100 users/s for 60 s; memory");
    const cpu = await synthCpu();
    // Also warms up: by then, the servers' virtual machines have compiled what they run.
    const rate = await throughput(stager, cassandra, 50_000);
    await sleep(SETTLE);
    const sorted = await delays(stager, cassandra, 100, 60);
    const quantile = (q: number) =>
      Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? NaN);
    const resident = await memory(new Names(namePrefix));
    const total = [...resident.values()].reduce((sum, mib) => sum + mib, 0);

    const figures = {
      synthCpuSeconds: Number(cpu.toFixed(2)),
      delayMilliseconds: { p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99), max: quantile(1) },
      usersPerSecond: Math.round(rate),
      residentMiB: {
        total: Math.round(total),
        ...Object.fromEntries([...resident].map(([n, m]) => [n, Math.round(m)])),
      },
    };
    const { p50, p95, p99, max } = figures.delayMilliseconds;
    console.log(
      table([
        ["synth", `${figures.synthCpuSeconds} s of CPU`, "goal: 2 s"],
        [
          "delay at 100 users/s",
          `p50 ${p50} ms, p95 ${p95} ms, p99 ${p99} ms, max ${max} ms`,
          "goal: p99 1,000 ms",
        ],
        ["throughput", `${figures.usersPerSecond} users/s`, "goal: 1,000 users/s"],
        ["resident memory", `${figures.residentMiB.total} MiB`, "goal: 6,144 MiB"],
        ...[...resident]
          .sort(([, a], [, b]) => b - a)
          .map(([name, mib]) => [`  ${name}`, `${Math.round(mib)} MiB`, ""]),
      ]),
    );
    const directory = join(ROOT, ".cache/bench");
    mkdirSync(directory, { recursive: true });
    writeFileSync(
      join(directory, `${new Date().toISOString()}.json`),
      `${JSON.stringify(figures, null, 2)}\n`,
    );
  } finally {
    await Promise.all([stager.end(), cassandra.shutdown()]);
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});

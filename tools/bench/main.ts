import { setTimeout as sleep } from "node:timers/promises";
import { Command, Option } from "commander";
import { TARGETS, type Target as TargetName } from "../../infra/platforms/common";
import { settings, synthesized } from "../cli/project";
import { Target, targetOf } from "../cli/targets";
import { Terraform } from "../cli/terraform";
import { comparison, Figures, keep, memoryTable } from "./figures";
import { delays, reader, synthCpu, throughput } from "./measure";
import { Stager } from "./users";

/** Pause in milliseconds in which background work such as compactions ends. */
const SETTLE = 10_000;

/**
 * Measures the running pipeline, prints the figures beside those of the other target, and saves them in
 * .cache/bench.
 */
async function bench(target: Target): Promise<void> {
  const passwords = await new Terraform(synthesized(target.stack())).passwords();
  console.log(
    "measuring synth CPU time, throughput (50,000 users), latency (100 users/s for 60 s) and memory",
  );
  const figures = await target.withPorts(() => measure(target, passwords));
  keep(target.name, figures);
  console.log(`${memoryTable(figures)}\n\n${comparison()}`);
}

async function measure(target: Target, passwords: Readonly<Record<string, string>>): Promise<Figures> {
  const { ports } = settings();
  const stager = new Stager(ports, passwords);
  const cassandra = reader(ports, passwords);
  await Promise.all([stager.connect(), cassandra.connect()]);
  try {
    const cpu = await synthCpu(target.name);
    // Also warms up the servers' virtual machines.
    const rate = await throughput(stager, cassandra, 50_000);
    await sleep(SETTLE);
    const sorted = await delays(stager, cassandra, 100, 60);
    const quantile = (q: number) =>
      Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? NaN);
    return {
      measured: new Date().toISOString(),
      synthCpuSeconds: Number(cpu.toFixed(2)),
      delayMilliseconds: { p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99), max: quantile(1) },
      usersPerSecond: Math.round(rate),
      residentMiB: Object.fromEntries(
        [...(await target.memory())].map(([name, mib]) => [name, Math.round(mib)]),
      ),
    };
  } finally {
    await Promise.all([stager.end(), cassandra.shutdown()]);
  }
}

new Command("bench")
  .description("Measure the running pipeline: throughput, latency, memory")
  .addOption(
    new Option("--target <target>", "where the pipeline is deployed").choices(TARGETS).default("docker"),
  )
  .action(({ target }: { target: TargetName }) => bench(targetOf(target)))
  .parseAsync()
  .catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });

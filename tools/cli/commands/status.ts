import { table, pc } from "../console";
import { settings, synthesized } from "../project";
import { countStages } from "../stages";
import { summary } from "../summary";
import { Running, Target } from "../targets";
import { Terraform } from "../terraform";

/** Prints what runs with its memory, addresses and logins, and the users at each stage. */
export async function status(target: Target): Promise<void> {
  const passwords = await new Terraform(synthesized(target.stack())).passwords();
  const [running, counts] = await Promise.all([
    target.running(),
    target.withPorts(() => countStages({ ports: settings().ports, passwords })),
  ]);
  console.log(`${pc.bold("Running")}\n${runningTable(running)}\n\n${summary(target, passwords, counts)}`);
}

function runningTable(running: readonly Running[]): string {
  if (running.length === 0) return "  nothing; run: make up";
  const mib = (memory: number | undefined) => (memory === undefined ? "" : `${memory.toFixed(0)} MiB`);
  return table(running.map(({ name, state, memory }) => [name, state, mib(memory)]));
}

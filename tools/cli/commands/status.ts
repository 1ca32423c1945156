import execa from "execa";
import { Names } from "../../../infra/platforms/docker";
import { table, pc } from "../console";
import { pipelineStack, settings, synthesized } from "../project";
import { countStages } from "../stages";
import { stagesTable } from "../summary";
import { Terraform } from "../terraform";

/** Shows each container's state and memory, and how far users have come. */
export async function status(): Promise<void> {
  const passwords = await new Terraform(synthesized(pipelineStack())).passwords();
  const [containers, counts] = await Promise.all([
    containerTable(new Names(settings().namePrefix)),
    countStages({ ports: settings().ports, passwords }),
  ]);
  console.log(`${pc.bold("Containers")}\n${containers}\n\n${stagesTable(counts)}`);
}

async function containerTable({ filter }: Names): Promise<string> {
  const format = "{{.Names}}\t{{.Status}}";
  const { stdout } = await execa("docker", ["ps", "--filter", filter, "--format", format]);
  if (stdout === "") return "  none is running; start them with: make up";
  const rows = stdout.split("\n").map((line) => line.split("\t"));
  const names = rows.map(([name]) => name ?? "");
  const stats = await execa("docker", [
    "stats",
    "--no-stream",
    "--format",
    "{{.Name}}\t{{.MemUsage}}",
    ...names,
  ]);
  const memory = new Map(stats.stdout.split("\n").map((line) => line.split("\t") as [string, string]));
  return table(
    rows.sort().map(([name = "", state = ""]) => [name, state, memory.get(name)?.split(" / ")[0] ?? ""]),
  );
}

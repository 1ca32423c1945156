import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import execa from "execa";
import { CHART_FOLDER } from "../chart/chart";
import { ROOT } from "../cli/project";
import { validateFiles } from "./kubernetes";
import { command, Tally } from "./runner";

const HELM = join(ROOT, "tools/kind/helm");
/** A version that the chart is for: Helm without a cluster may assume another one. */
const KUBERNETES = ["--kube-version", "1.34"];

/** Whether Helm takes the chart, and what it makes of it keeps to the schemas of every supported version of Kubernetes. */
export async function chartCheck(): Promise<Tally> {
  const linted = (await command(HELM, ["lint", "--strict", ...KUBERNETES, CHART_FOLDER])) === 0;
  const several = [
    "replicas.spark-worker=3",
    "hostPorts=true",
    "image.registry=registry.example/team",
    "storageClass=fast",
  ];
  const { passed, failed } = await validateFiles([
    await render("defaults", []),
    await render("several", ["--set", several.join()]),
  ]);
  return { passed: passed + (linted ? 1 : 0), failed: failed + (linted ? 0 : 1) };
}

/** Writes what Helm makes of the chart with some values; returns the file. */
async function render(name: string, values: readonly string[]): Promise<string> {
  const { stdout } = await execa(HELM, ["template", "release", CHART_FOLDER, ...KUBERNETES, ...values]);
  const file = join(ROOT, `.build/chart/${name}.yaml`);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, stdout);
  return file;
}

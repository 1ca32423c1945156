import { mkdirSync, writeFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { join } from "node:path";
import { RootConstruct } from "constructs";
import execa from "execa";
import type { Deployment } from "kubernetes-types/apps/v1";
import { parseAllDocuments } from "yaml";
import { Pipeline } from "../../infra/pipeline";
import { resolveSettings } from "../../infra/settings";
import { CHART_FOLDER } from "../chart/chart";
import { ROOT } from "../cli/project";
import { type Tally } from "./check";
import { command } from "./command";
import { validateFiles, VERSIONS } from "./kubernetes";

const HELM = join(ROOT, "tools/kind/helm");
/** A version that the chart supports; without a cluster, Helm may assume another version. */
const KUBERNETES = ["--kube-version", VERSIONS.at(-1)!];
/** Values that render the objects and fields that the defaults omit. */
const SEVERAL =
  "replicas.spark-worker=3,hostPorts=true,image.registry=registry.example/team,storageClass=fast";

/**
 * Checks that Helm accepts the chart, that the rendered objects match the schemas of every supported version of
 * Kubernetes, and that Spark's workers get the same slots as in the definition.
 */
export async function chartCheck(): Promise<Tally> {
  const linted = (await command(HELM, ["lint", "--strict", ...KUBERNETES, CHART_FOLDER])) === 0;
  const { passed, failed } = await validateFiles([
    fileOf("defaults", await render([])),
    fileOf("several", await render(["--set", SEVERAL])),
  ]);
  const agreed = [linted, await workersAgree(1), await workersAgree(2), await workersAgree(4)];
  const agreements = agreed.filter(Boolean).length;
  return { passed: passed + agreements, failed: failed + agreed.length - agreements };
}

/** Renders the chart with some values. */
async function render(values: readonly string[]): Promise<string> {
  return (await execa(HELM, ["template", "release", CHART_FOLDER, ...KUBERNETES, ...values])).stdout;
}

function fileOf(name: string, rendered: string): string {
  const file = join(ROOT, `.build/chart/${name}.yaml`);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, rendered);
  return file;
}

/** Whether the chart starts this number of workers like the definition. */
async function workersAgree(workers: number): Promise<boolean> {
  const rendered = await render([
    "--show-only",
    "templates/spark-worker.yaml",
    "--set",
    `replicas.spark-worker=${workers}`,
  ]);
  const deployment = parseAllDocuments(rendered)
    .map((document) => document.toJS() as Deployment)
    .find(({ kind }) => kind === "Deployment");
  const settings = resolveSettings({ workers });
  const { spark } = new Pipeline(new RootConstruct("root"), "pipeline", { settings, imageSource: "build" });
  return (
    deployment?.spec?.replicas === workers &&
    isDeepStrictEqual(deployment.spec.template.spec?.containers[0]?.args, spark.worker.command)
  );
}

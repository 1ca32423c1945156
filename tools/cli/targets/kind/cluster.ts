import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import execa from "execa";
import { stringify } from "yaml";
import {
  ClusterNames,
  kindCluster,
  PUBLISHED_PORTS,
  PublishedPort,
} from "../../../../infra/platforms/kubernetes";
import { Progress } from "../../console";
import { UserError } from "../../errors";
import { pipelineStack, ROOT, settings, synthesized } from "../../project";
import { recorded } from "../../state";

const KIND = join(ROOT, "tools/kind/kind");

/** Ports that the synthesized stack publishes. */
export function synthesizedPorts(): PublishedPort[] {
  const file = join(synthesized(pipelineStack("kind")), "cdk.tf.json");
  const { output } = JSON.parse(readFileSync(file, "utf8")) as {
    output: { [PUBLISHED_PORTS]: { value: PublishedPort[] } };
  };
  return output[PUBLISHED_PORTS].value;
}

/** Names of the kind clusters on this engine. */
export async function clusters(): Promise<string[]> {
  const { exitCode, stdout } = await execa(KIND, ["get", "clusters"], { reject: false });
  return exitCode === 0 ? stdout.split("\n").filter(Boolean) : [];
}

/**
 * Creates the pipeline's own cluster if it is missing, and starts a stopped cluster.
 * @throws UserError if the existing cluster publishes other ports, or is unreachable
 */
export async function ensureCluster(progress: Progress): Promise<void> {
  const names = new ClusterNames(settings().namePrefix);
  const ports = synthesizedPorts();
  if ((await clusters()).includes(names.cluster)) {
    await checkPublished(names, ports);
    await execa("docker", ["start", names.node]);
    await execa(KIND, ["export", "kubeconfig", "--name", names.cluster]);
    if (await answers(names)) return;
    if (recorded(pipelineStack("kind").stack, "kubernetes_namespace_v1").length > 0) {
      throw new UserError(
        `cannot reach the kind cluster ${names.cluster}; for the cause, run: docker logs ${names.node}; ` +
          "to remove the cluster with its data, run: make destroy TARGET=kind",
      );
    }
    // Left incomplete by a killed creation.
    await removeCluster(progress);
  }
  const file = join(ROOT, ".build/kind", `${names.cluster}.yaml`);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, stringify(kindCluster(names.cluster, ports)));
  const what = `kind cluster ${names.cluster}`;
  progress.begin(what);
  const created = await execa(KIND, ["create", "cluster", "--config", file, "--wait", "120s"], {
    reject: false,
    all: true,
  });
  if (created.exitCode !== 0)
    throw new UserError(`cannot create the kind cluster ${names.cluster}: kind failed:\n${created.all}`);
  progress.end(what, "ready");
}

/** Removes the cluster with everything in it. */
export async function removeCluster(progress: Progress): Promise<void> {
  const { cluster } = new ClusterNames(settings().namePrefix);
  if (!(await clusters()).includes(cluster)) return;
  const what = `kind cluster ${cluster}`;
  progress.begin(what);
  await execa(KIND, ["delete", "cluster", "--name", cluster]);
  progress.end(what, "removed");
}

/** Timeout in seconds for a started cluster to answer. */
const ANSWERS_WITHIN = 60;

async function answers(names: ClusterNames): Promise<boolean> {
  const deadline = Date.now() + ANSWERS_WITHIN * 1000;
  while (Date.now() < deadline) {
    const ready = ["--context", names.context, "get", "--raw", "/readyz"];
    const { exitCode } = await execa(join(ROOT, "tools/kind/kubectl"), ready, { reject: false });
    if (exitCode === 0) return true;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  return false;
}

/** Checks the published ports, which kind fixes when it creates a cluster. */
async function checkPublished(names: ClusterNames, wanted: readonly PublishedPort[]): Promise<void> {
  const format = "{{json .HostConfig.PortBindings}}";
  const { stdout } = await execa("docker", ["inspect", "--format", format, names.node]);
  const bindings = JSON.parse(stdout) as Readonly<Record<string, readonly { HostPort: string }[]>>;
  const different = wanted.flatMap(({ service, host, node }) => {
    const made = bindings[`${node}/tcp`]?.[0]?.HostPort;
    return made === String(host) ? [] : [`${service}: cluster has ${made ?? "none"}, settings have ${host}`];
  });
  if (different.length === 0) return;
  throw new UserError(
    `the ports of the kind cluster ${names.cluster} differ from the settings: ${different.join("; ")}; ` +
      "revert the settings, or remove the cluster with its data; run: make destroy TARGET=kind",
  );
}

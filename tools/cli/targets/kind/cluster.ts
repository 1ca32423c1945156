import { readFileSync, writeFileSync } from "node:fs";
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
import { Inventory } from "../target";
import { CreationRecord } from "./creation";
import { assertOwnNamespace, namespaceOwner, othersNamespaces } from "./ownership";

const KIND = join(ROOT, "tools/kind/kind");

/** Ports that the synthesized stack publishes. */
export function synthesizedPorts(): PublishedPort[] {
  const file = join(synthesized(pipelineStack("kind")), "cdk.tf.json");
  const { output } = JSON.parse(readFileSync(file, "utf8")) as {
    output: { [PUBLISHED_PORTS]: { value: PublishedPort[] } };
  };
  return output[PUBLISHED_PORTS].value;
}

/**
 * Names of the kind clusters on this engine.
 * @throws UserError if they cannot be listed: an empty list would mean that there are none
 */
export async function clusters(): Promise<string[]> {
  const { exitCode, stdout, stderr } = await execa(KIND, ["get", "clusters"], { reject: false });
  if (exitCode !== 0) throw new UserError(`cannot list the kind clusters: ${stderr}`);
  return stdout.split("\n").filter(Boolean);
}

/**
 * Creates the pipeline's own cluster if it is missing, and starts a stopped cluster.
 * @throws UserError if the existing cluster is another deployment's, publishes other ports, or is unreachable
 */
export async function ensureCluster(progress: Progress): Promise<void> {
  const names = new ClusterNames(settings().namePrefix);
  const ports = synthesizedPorts();
  if ((await clusters()).includes(names.cluster)) {
    if (await startForOwner(names)) return checkPublished(names, ports);
    // Left incomplete by a killed creation.
    await removeCluster(progress);
  }
  const record = new CreationRecord(names);
  record.begin();
  const file = join(ROOT, ".build/kind", `${names.cluster}.yaml`);
  writeFileSync(file, stringify(kindCluster(names.cluster, ports)));
  const what = `kind cluster ${names.cluster}`;
  progress.begin(what);
  const created = await execa(KIND, ["create", "cluster", "--config", file, "--wait", "120s"], {
    reject: false,
    all: true,
  });
  if (created.exitCode !== 0) {
    record.forget();
    throw new UserError(`cannot create the kind cluster ${names.cluster}: kind failed:\n${created.all}`);
  }
  await record.end();
  progress.end(what, "ready");
}

/**
 * Starts the cluster, and stops it again if it is another deployment's.
 * @returns whether the cluster answers; false if this checkout was killed while it created the cluster
 */
async function startForOwner(names: ClusterNames): Promise<boolean> {
  const wasRunning = await isRunning(names);
  if (await start(names)) {
    try {
      await assertOwnNamespace();
    } catch (error) {
      if (!wasRunning) await execa("docker", ["stop", names.node]);
      throw error;
    }
    return true;
  }
  if (await new CreationRecord(names).isHalfMade()) return false;
  throw new UserError(
    `cannot reach the kind cluster ${names.cluster}; for the cause, run: docker logs ${names.node}; ` +
      "to remove the cluster with its data, run: make destroy TARGET=kind",
  );
}

/** Starts the cluster's node; resolves to whether the cluster answers. */
async function start(names: ClusterNames): Promise<boolean> {
  await execa("docker", ["start", names.node]);
  const exported = await execa(KIND, ["export", "kubeconfig", "--name", names.cluster], { reject: false });
  return exported.exitCode === 0 && answers(names);
}

async function isRunning({ node }: ClusterNames): Promise<boolean> {
  const format = ["inspect", "--format", "{{.State.Running}}", node];
  return (await execa("docker", format, { reject: false })).stdout === "true";
}

/**
 * Lists what the removal of the pipeline's own cluster would take, from this checkout and from others, in words. Starts a
 * stopped cluster only if nothing else tells whose it is, and stops it again.
 */
export async function clusterInventory(): Promise<Pick<Inventory, "own" | "foreign">> {
  const names = new ClusterNames(settings().namePrefix);
  const what = `kind cluster ${names.cluster}`;
  if (!(await clusters()).includes(names.cluster)) return { own: [], foreign: [] };
  const created = await new CreationRecord(names).matches();
  const wasRunning = await isRunning(names);
  if (created && !wasRunning) return { own: [what], foreign: [] };
  try {
    if (!(await start(names))) {
      return created
        ? { own: [what], foreign: [] }
        : { own: [], foreign: [`${what}, which does not answer`] };
    }
    const owner = await namespaceOwner();
    const others = (await othersNamespaces()).map((namespace) => `namespace ${namespace} in the ${what}`);
    if (owner === "another deployment") {
      const whose = `${what}, whose namespace ${names.namespace} belongs to another deployment`;
      return { own: [], foreign: [whose, ...others] };
    }
    if (owner === "absent" && !created) {
      return { own: [], foreign: [`${what}, which this checkout did not create`, ...others] };
    }
    return { own: [what], foreign: others };
  } finally {
    if (!wasRunning) await execa("docker", ["stop", names.node], { reject: false });
  }
}

/** Removes the cluster with everything in it. */
export async function removeCluster(progress: Progress): Promise<void> {
  const names = new ClusterNames(settings().namePrefix);
  if ((await clusters()).includes(names.cluster)) {
    const what = `kind cluster ${names.cluster}`;
    progress.begin(what);
    await execa(KIND, ["delete", "cluster", "--name", names.cluster]);
    progress.end(what, "removed");
  }
  new CreationRecord(names).forget();
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

import { readFileSync } from "node:fs";
import { join } from "node:path";
import execa from "execa";
import { ClusterNames, destinationOf } from "../../../../infra/platforms/kubernetes";
import { fileKey } from "../../../../infra/platforms/kubernetes/objects/files";
import { Finding, fine, problem } from "../../preflight/check";
import { checkDisk } from "../../preflight/disk";
import { engineInfo } from "../../preflight/engine";
import { checkMemory, WantedContainer } from "../../preflight/memory";
import { checkPorts } from "../../preflight/ports";
import { checkTool } from "../../preflight/tools";
import { ROOT, settings } from "../../project";
import { checkCapacity } from "./capacity";
import { clusters } from "./cluster";
import { checkRegistry } from "./registry";

/** A cluster of one node as a container: its measured memory divided by the resident share of a limit. */
const CLUSTER: WantedContainer = { name: "cluster", memory: 1536 };

/**
 * Checks everything that a deploy to a cluster needs; changes nothing.
 * @param directory directory of the synthesized stack
 */
export async function preflight(directory: string): Promise<Finding[]> {
  const { own, context, delivery } = destinationOf(settings());
  const tools = await Promise.all([checkTool("engine"), checkTool("terraform"), checkTool("kind")]);
  if (!own) {
    const cluster = await checkContext(context);
    const capacity = cluster.ok ? [await checkCapacity(wantedPods(directory))] : [];
    const registry = "registry" in delivery ? [await checkRegistry(delivery.registry)] : [];
    // The ports are forwarded. Another program on one of them would answer in place of the pipeline.
    const ports = await checkPorts(settings().ports, new Set());
    return [...tools, cluster, ...capacity, ...registry, ...ports];
  }
  const names = new ClusterNames(settings().namePrefix);
  const engine = await engineInfo();
  // Without kind there is no cluster yet; the preparation provides kind.
  const present = engine === undefined ? [] : await clusters().catch(() => []);
  const made = present.includes(names.cluster);
  const wanted = [...wantedPods(directory), CLUSTER];
  const [disk, ports] = await Promise.all([
    checkDisk(engine, made),
    checkPorts(settings().ports, new Set([names.node])),
  ]);
  return [...tools, checkMemory(wanted, made ? wanted : [], engine), disk, ...ports];
}

/** Checks that the cluster in the settings answers and accepts this user. */
async function checkContext(context: string): Promise<Finding> {
  const kubectl = join(ROOT, "tools/kind/kubectl");
  const args = ["--context", context, "--request-timeout", "10s", "auth", "can-i", "create", "namespaces"];
  const { exitCode, all = "" } = await execa(kubectl, args, { reject: false, all: true });
  if (exitCode === 0) return fine("cluster", `${context} answers and accepts this user`);
  return problem(
    "cluster",
    `${context}: ${all.split("\n").filter(Boolean).at(-1) ?? "unreachable"}`,
    "Correct kubernetes.context in cdktf.json; to list the known contexts, run: kubectl config get-contexts",
    "Without this setting, the pipeline gets its own kind cluster.",
  );
}

interface Configuration<T> {
  readonly resource: Readonly<Record<string, Readonly<Record<string, T>>>>;
}

interface ConfigMap {
  readonly data: Readonly<Record<string, string>>;
}

interface Controller {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly replicas: number;
    readonly template: {
      readonly spec: {
        readonly container: readonly {
          readonly resources: { readonly limits: { readonly memory: string } };
        }[];
      };
    };
  };
}

/** Pods of a synthesized stack, with their memory limits. */
export function wantedPods(directory: string): WantedContainer[] {
  const { resource } = readConfiguration<Controller>(directory);
  return ["kubernetes_deployment_v1", "kubernetes_stateful_set_v1"]
    .flatMap((type) => Object.values(resource[type] ?? {}))
    .map(({ metadata, spec }) => ({
      name: metadata.name,
      memory: spec.template.spec.container.reduce(
        (sum, { resources }) => sum + spec.replicas * Number(resources.limits.memory.replace(/Mi$/, "")),
        0,
      ),
    }));
}

/** Type and name of each object of a synthesized stack, separated by a space. */
export function plannedObjects(directory: string): ReadonlySet<string> {
  const { resource } = readConfiguration<{ readonly metadata?: { readonly name?: string } }>(directory);
  return new Set(
    Object.entries(resource).flatMap(([type, resources]) =>
      Object.values(resources).map(({ metadata }) => `${type} ${metadata?.name ?? ""}`),
    ),
  );
}

/** Reads a file of a job from the synthesized stack, by its path in the container. */
export function readJobFile(directory: string, job: string, path: string): string {
  const configMap = readConfiguration<ConfigMap>(directory).resource["kubernetes_config_map_v1"]?.[job];
  const content = configMap?.data[fileKey(path)];
  if (content === undefined) throw new Error(`the job ${job} in ${directory} has no file ${path}`);
  return content;
}

function readConfiguration<T>(directory: string): Configuration<T> {
  return JSON.parse(readFileSync(join(directory, "cdk.tf.json"), "utf8")) as Configuration<T>;
}

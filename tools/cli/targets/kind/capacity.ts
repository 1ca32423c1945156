import { Finding, fine, problem } from "../../preflight/check";
import { WantedContainer } from "../../preflight/memory";
import { kubectl } from "./kubectl";

interface Node {
  readonly spec: { readonly unschedulable?: boolean };
  readonly status: { readonly allocatable: { readonly memory: string } };
}

/** Memory request of pods as a share of their limits; see the objects of a pod. */
const REQUESTED_SHARE = 0.5;
const UNITS: Readonly<Record<string, number>> = { Ki: 1 / 1024, Mi: 1, Gi: 1024, "": 1 / 1024 / 1024 };

/** Converts an amount in Kubernetes notation, e.g. "24105Ki", to MiB. */
export function mib(amount: string): number {
  const [, number = "", unit = ""] = /^(\d+)(\w*)$/.exec(amount) ?? [];
  return Number(number) * (UNITS[unit] ?? Number.NaN);
}

/** Checks that the nodes of a cluster can allocate the memory that the pods request. Other pods are not considered. */
export async function checkCapacity(pods: readonly WantedContainer[]): Promise<Finding> {
  const { exitCode, stdout } = await kubectl(["get", "nodes", "--output", "json"], { reject: false });
  if (exitCode !== 0) return fine("memory", "not checked: this user may not read the cluster's nodes");
  const nodes = (JSON.parse(stdout) as { items: Node[] }).items.filter(({ spec }) => !spec.unschedulable);
  const free = nodes.reduce((sum, { status }) => sum + mib(status.allocatable.memory), 0);
  const needed = pods.reduce((sum, { memory }) => sum + memory, 0) * REQUESTED_SHARE;
  const where = nodes.length === 1 ? "1 node" : `${nodes.length} nodes`;
  const state = `${(free / 1024).toFixed(1)} GiB on ${where}, ${(needed / 1024).toFixed(1)} GiB requested`;
  if (free >= needed) return fine("memory", state);
  return problem(
    "memory",
    `${state}; pods would stay unscheduled`,
    "Add a node or a larger one, or lower workers or the memory limits; to list them, run: make settings",
  );
}

import { Finding, fine, problem } from "../../preflight/check";
import { WantedContainer } from "../../preflight/memory";
import { kubectl } from "./kubectl";

interface Node {
  readonly spec: { readonly unschedulable?: boolean };
  readonly status: { readonly allocatable: { readonly memory: string } };
}

/** What pods ask the scheduler for, as a share of their limits: see the objects of a pod. */
const REQUESTED_SHARE = 0.5;
const UNITS: Readonly<Record<string, number>> = { Ki: 1 / 1024, Mi: 1, Gi: 1024, "": 1 / 1024 / 1024 };

/** MiB of an amount as Kubernetes writes it, e.g. "24105Ki". */
export function mib(amount: string): number {
  const [, number = "", unit = ""] = /^(\d+)(\w*)$/.exec(amount) ?? [];
  return Number(number) * (UNITS[unit] ?? Number.NaN);
}

/** Whether the nodes of a cluster have memory for what the pods ask for, as far as other pods leave it. */
export async function checkCapacity(pods: readonly WantedContainer[]): Promise<Finding> {
  const { exitCode, stdout } = await kubectl(["get", "nodes", "--output", "json"], { reject: false });
  if (exitCode !== 0) return fine("memory", "this user may not look at the cluster's nodes");
  const nodes = (JSON.parse(stdout) as { items: Node[] }).items.filter(({ spec }) => !spec.unschedulable);
  const free = nodes.reduce((sum, { status }) => sum + mib(status.allocatable.memory), 0);
  const needed = pods.reduce((sum, { memory }) => sum + memory, 0) * REQUESTED_SHARE;
  const where = nodes.length === 1 ? "1 node" : `${nodes.length} nodes`;
  const state = `${(free / 1024).toFixed(1)} GiB on ${where}, ${(needed / 1024).toFixed(1)} GiB asked for`;
  if (free >= needed) return fine("memory", state);
  return problem(
    "memory",
    `${state}: pods would not be scheduled`,
    "Add a node, or a larger one. Fewer workers need less; make settings lists them, and the limits.",
  );
}

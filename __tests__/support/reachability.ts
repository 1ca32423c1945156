import type { NetworkPolicy, NetworkPolicyPeer } from "kubernetes-types/networking/v1";
import type { PodTemplateSpec } from "kubernetes-types/core/v1";
import { PlainObject } from "../../infra/platforms/kubernetes/objects";

/** A pod as network policies see it. */
interface Pod {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly ports: readonly number[];
}

/**
 * Which pods may open connections to which ports of which others, by the rules of the Kubernetes API alone: a pod that a policy
 * selects for a direction may do in that direction what some policy allows, and nothing else.
 * @returns lines like "producer -> broker:29092"; the outside is called "anywhere"
 */
export function allowedConnections(objects: readonly PlainObject[]): string[] {
  const policies = objects.filter((object): object is NetworkPolicy => object.kind === "NetworkPolicy");
  const pods = podsOf(objects);
  const lines = pods.flatMap((server) =>
    server.ports.flatMap((port) => {
      const clients = pods.filter(
        (client) => allowsOut(policies, client, server, port) && allowsIn(policies, client, server, port),
      );
      const outside = allowsIn(policies, undefined, server, port) ? ["anywhere"] : [];
      return [...clients.map(({ name }) => name), ...outside].map(
        (name) => `${name} -> ${server.name}:${port}`,
      );
    }),
  );
  const outwards = pods.flatMap((client) =>
    selecting(policies, client, "Egress")
      .flatMap(({ spec }) => spec?.egress ?? [])
      .filter(({ to }) => to?.some(({ ipBlock }) => ipBlock !== undefined))
      .flatMap(({ ports }) => ports ?? [])
      .map(({ port }) => `${client.name} -> anywhere:${String(port)}`),
  );
  return [...lines, ...outwards].sort();
}

function podsOf(objects: readonly PlainObject[]): Pod[] {
  return objects.flatMap((object) => {
    if (object.kind !== "Deployment" && object.kind !== "StatefulSet" && object.kind !== "Job") return [];
    const template = object.spec?.template as PodTemplateSpec;
    const labels = template.metadata?.labels ?? {};
    const ports = template.spec?.containers.flatMap((container) => container.ports ?? []) ?? [];
    return [
      {
        name: labels["app.kubernetes.io/name"] ?? "",
        labels,
        ports: ports.map(({ containerPort }) => containerPort),
      },
    ];
  });
}

function allowsOut(policies: readonly NetworkPolicy[], client: Pod, server: Pod, port: number): boolean {
  const selected = selecting(policies, client, "Egress");
  if (selected.length === 0) return true;
  return selected
    .flatMap(({ spec }) => spec?.egress ?? [])
    .some(({ to, ports }) => matches(to, server) && has(ports, port));
}

function allowsIn(
  policies: readonly NetworkPolicy[],
  client: Pod | undefined,
  server: Pod,
  port: number,
): boolean {
  const selected = selecting(policies, server, "Ingress");
  if (selected.length === 0) return true;
  return selected
    .flatMap(({ spec }) => spec?.ingress ?? [])
    .some(({ from, ports }) => matches(from, client) && has(ports, port));
}

function selecting(policies: readonly NetworkPolicy[], pod: Pod, direction: string): NetworkPolicy[] {
  return policies.filter(
    ({ spec }) =>
      spec?.policyTypes?.includes(direction) && includes(pod.labels, spec.podSelector.matchLabels ?? {}),
  );
}

/** No peers at all means everybody; a peer in other namespaces is none of the pods here. */
function matches(peers: readonly NetworkPolicyPeer[] | undefined, pod: Pod | undefined): boolean {
  if (peers === undefined) return true;
  if (pod === undefined) return false;
  return peers.some(
    ({ podSelector, namespaceSelector }) =>
      podSelector !== undefined &&
      namespaceSelector === undefined &&
      includes(pod.labels, podSelector.matchLabels ?? {}),
  );
}

function has(ports: readonly { port?: number | string }[] | undefined, port: number): boolean {
  return ports === undefined || ports.some((each) => each.port === port);
}

function includes(
  labels: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(wanted).every(([key, value]) => labels[key] === value);
}

import type {
  NetworkPolicy,
  NetworkPolicyEgressRule,
  NetworkPolicyIngressRule,
} from "kubernetes-types/networking/v1";
import { Container, Workload } from "../../../workload";
import { ObjectsContext } from "./context";
import { commonLabels, labels, selector } from "./labels";

const DNS_PORT = 53;

/** Nothing may talk to anything but the cluster's DNS, until a policy of its own says otherwise. */
export function denyByDefault(context: ObjectsContext): NetworkPolicy {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: {
      name: "default-deny",
      namespace: context.namespace,
      labels: { ...commonLabels(context) },
    },
    spec: {
      podSelector: {},
      policyTypes: ["Ingress", "Egress"],
      egress: [
        {
          to: [
            {
              namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
              podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
            },
          ],
          ports: ["UDP", "TCP"].map((protocol) => ({ port: DNS_PORT, protocol })),
        },
      ],
    },
  };
}

/** What the grants have opened, from both ends: a container's way out and its servers' way in. */
export function networkPolicies(context: ObjectsContext, containers: readonly Container[]): NetworkPolicy[] {
  return containers.flatMap((container) => {
    const ingress = container instanceof Workload ? ingressOf(container, containers) : [];
    const egress = egressOf(container);
    if (ingress.length + egress.length === 0) return [];
    return [
      {
        apiVersion: "networking.k8s.io/v1",
        kind: "NetworkPolicy",
        metadata: {
          name: container.node.id,
          namespace: context.namespace,
          labels: { ...labels(context, container) },
        },
        spec: {
          podSelector: { matchLabels: { ...selector(container) } },
          policyTypes: [...(ingress.length > 0 ? ["Ingress"] : []), ...(egress.length > 0 ? ["Egress"] : [])],
          ...(ingress.length > 0 && { ingress }),
          ...(egress.length > 0 && { egress }),
        },
      },
    ];
  });
}

function ingressOf(server: Workload, containers: readonly Container[]): NetworkPolicyIngressRule[] {
  return server.ports.flatMap((port): NetworkPolicyIngressRule[] => {
    const ports = [{ port: port.number, protocol: "TCP" }];
    // From the host, whose address is not known: no restriction on where from.
    if (port.published !== undefined) return [{ ports }];
    const clients = containers.filter((client) =>
      client.connections.some((connection) => connection.server === server && connection.port === port.name),
    );
    if (clients.length === 0) return [];
    return [
      { from: clients.map((client) => ({ podSelector: { matchLabels: { ...selector(client) } } })), ports },
    ];
  });
}

function egressOf(client: Container): NetworkPolicyEgressRule[] {
  const opened = new Map(
    client.connections.map(({ server, port }) => [server.address(port), { server, port: server.port(port) }]),
  );
  return [
    ...[...opened.values()].map(({ server, port }) => ({
      to: [{ podSelector: { matchLabels: { ...selector(server) } } }],
      ports: [{ port: port.number, protocol: "TCP" }],
    })),
    // Policies know addresses and not names; the address of a name changes.
    ...client.outsideConnections.map(({ port }) => ({
      to: [{ ipBlock: { cidr: "0.0.0.0/0" } }],
      ports: [{ port, protocol: "TCP" }],
    })),
  ];
}

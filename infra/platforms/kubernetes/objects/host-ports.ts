import type { Service } from "kubernetes-types/core/v1";
import { Workload } from "../../../workload";
import { ObjectsContext } from "./context";
import { labels, selector } from "./labels";

/** A port of the host and the port of the cluster's nodes that it stands for. */
export interface HostPort {
  readonly workload: Workload;
  /** The name of the workload's port. */
  readonly name: string;
  /** The number on the host. */
  readonly host: number;
  /** The number on every node. */
  readonly node: number;
}

/** The first of the ports that Kubernetes hands out on nodes. */
const FIRST_NODE_PORT = 30_000;

/** The ports that workloads publish on the host, each with a port of the nodes. */
export function hostPorts(workloads: readonly Workload[]): HostPort[] {
  return workloads
    .flatMap((workload) =>
      workload.ports.flatMap(({ name, published }) =>
        published === undefined ? [] : [{ workload, name, host: published }],
      ),
    )
    .map((port, i) => ({ ...port, node: FIRST_NODE_PORT + i }));
}

/** The service that makes a workload's published ports answer on the nodes. */
export function hostService(
  context: ObjectsContext,
  workload: Workload,
  ports: readonly HostPort[],
): Service {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name: `${workload.name}-host`,
      namespace: context.namespace,
      labels: { ...labels(context, workload) },
    },
    spec: {
      type: "NodePort",
      selector: { ...selector(workload) },
      ports: ports.map(({ name, node }) => ({
        name,
        port: workload.port(name).number,
        targetPort: workload.port(name).number,
        nodePort: node,
        protocol: "TCP",
      })),
    },
  };
}

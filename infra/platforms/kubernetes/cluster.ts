import { TerraformOutput, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { Workload } from "../../workload";
import { containersOf, hostPorts } from "./objects";

/** A published port, as it is found from the host. */
export interface PublishedPort {
  readonly service: string;
  /** The number in the cluster. */
  readonly port: number;
  /** The number on the host's loopback address. */
  readonly host: number;
  /** The number on the nodes. */
  readonly node: number;
}

/** Every port that a definition publishes. */
export function publishedPorts(definition: Construct): PublishedPort[] {
  const workloads = containersOf(definition).filter((container) => container instanceof Workload);
  return hostPorts(workloads).map(({ workload, name, host, node }) => ({
    service: workload.name,
    port: workload.port(name).number,
    host,
    node,
  }));
}

/** The stack's output that has them. */
export const PUBLISHED_PORTS = "published_ports";

/** Hands them out with the stack: a cluster has to be made for them. */
export function outputPublishedPorts(stack: TerraformStack, definition: Construct): void {
  new TerraformOutput(stack, PUBLISHED_PORTS, { value: publishedPorts(definition) });
}

/** The configuration of a kind cluster of one node, which answers on these ports of the host's loopback address. */
export function kindCluster(name: string, ports: readonly PublishedPort[]): object {
  return {
    kind: "Cluster",
    apiVersion: "kind.x-k8s.io/v1alpha4",
    name,
    nodes: [
      {
        role: "control-plane",
        extraPortMappings: ports.map(({ host, node }) => ({
          containerPort: node,
          hostPort: host,
          listenAddress: "127.0.0.1",
        })),
      },
    ],
  };
}

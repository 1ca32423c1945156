import { Construct } from "constructs";
import { checkNames, Container, Job, Workload } from "../../../workload";
import { ObjectsContext } from "./context";
import { hostPorts, hostService } from "./host-ports";
import { jobObjects } from "./job";
import { namespace } from "./namespace";
import { denyByDefault, networkPolicies } from "./network-policies";
import { PlainObject } from "./plain-object";
import { claim, sharedVolumes } from "./volumes";
import { workloadObjects } from "./workload";

export { type ObjectsContext } from "./context";
export { type HostPort, hostPorts } from "./host-ports";
export { type PlainObject } from "./plain-object";

/** The objects of a definition: those that everything needs, and those of each service and job. */
export interface Objects {
  readonly namespace: PlainObject;
  /** Claims of shared volumes, and the policies of the network. */
  readonly common: readonly PlainObject[];
  readonly containers: ReadonlyMap<Container, readonly PlainObject[]>;
}

/** Every service and job of a definition. */
export function containersOf(definition: Construct): Container[] {
  return definition.node.findAll().filter((construct) => construct instanceof Container);
}

/**
 * Renders a definition as plain Kubernetes objects.
 * @param onNodes whether published ports answer on the cluster's nodes too, which kind maps to the host's loopback address
 */
export function kubernetesObjects(context: ObjectsContext, definition: Construct, onNodes: boolean): Objects {
  checkNames(definition);
  const containers = containersOf(definition);
  const shared = sharedVolumes(containers);
  const published = onNodes ? hostPorts(containers.filter((each) => each instanceof Workload)) : [];
  const objectsOf = (container: Container): PlainObject[] => {
    if (container instanceof Job) return jobObjects(context, container);
    if (!(container instanceof Workload))
      throw new Error(`${container.node.path} is neither service nor job`);
    const ports = published.filter(({ workload }) => workload === container);
    return [
      ...workloadObjects(context, container, {
        shared,
        reachedEarly: containers.some(({ connections }) =>
          connections.some(({ server, early }) => server === container && early),
        ),
      }),
      ...(ports.length > 0 ? [hostService(context, container, ports)] : []),
    ];
  };
  return {
    namespace: namespace(context),
    common: [
      ...[...shared].map((volume) => claim(context, volume)),
      denyByDefault(context),
      ...networkPolicies(context, containers),
    ],
    containers: new Map(containers.map((container) => [container, objectsOf(container)])),
  };
}

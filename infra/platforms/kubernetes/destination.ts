import { Settings, SettingsError } from "../../settings";
import { Delivery } from "./delivery";
import { ClusterNames } from "./names";

/** The cluster that the pipeline is deployed to. */
export interface Destination {
  /** Context in the kubeconfig. */
  readonly context: string;
  /** Whether the cluster is the kind cluster that `make up` creates and `make destroy` removes. */
  readonly own: boolean;
  readonly delivery: Delivery;
}

const KIND_PREFIX = "kind-";

/**
 * Chooses the cluster that the pipeline is deployed to, and the way its images get there.
 * @throws SettingsError for a cluster that images cannot get to
 */
export function destinationOf({ kubernetes, namePrefix }: Settings): Destination {
  const { context, imageRegistry } = kubernetes;
  const names = new ClusterNames(namePrefix);
  if (context === "") return { context: names.context, own: true, delivery: { cluster: names.cluster } };
  if (imageRegistry !== "") return { context, own: false, delivery: { registry: imageRegistry } };
  if (context.startsWith(KIND_PREFIX)) {
    return { context, own: false, delivery: { cluster: context.slice(KIND_PREFIX.length) } };
  }
  throw new SettingsError([
    `kubernetes.imageRegistry: got nothing while kubernetes.context ${JSON.stringify(context)} is not a kind cluster; ` +
      "expected a registry that this machine can push to and the cluster can pull from",
  ]);
}

import { Settings, SettingsError } from "../../settings";
import { Delivery } from "./delivery";
import { ClusterNames } from "./names";

/** The cluster that the pipeline is deployed to. */
export interface Destination {
  /** The kubeconfig's context. */
  readonly context: string;
  /** Whether it is the kind cluster that `make up` makes and `make destroy` removes. */
  readonly own: boolean;
  readonly delivery: Delivery;
}

const KIND_PREFIX = "kind-";

/**
 * Decides which cluster the pipeline is deployed to, and how images get there.
 * @throws SettingsError for a cluster that images could not get to
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
    `kubernetes.imageRegistry is empty, but kubernetes.context is ${JSON.stringify(context)}, which is no kind cluster; ` +
      "allowed: a registry that this machine can push to and the cluster can pull from",
  ]);
}

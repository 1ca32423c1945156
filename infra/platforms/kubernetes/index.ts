export {
  kindCluster,
  outputPublishedPorts,
  PUBLISHED_PORTS,
  type PublishedPort,
  publishedPorts,
} from "./cluster";
export { type Delivery } from "./delivery";
export { type Destination, destinationOf } from "./destination";
export { ClusterNames } from "./names";
export { KubernetesPlatform, type KubernetesPlatformProps } from "./platform";
export { KubernetesStack, type KubernetesStackProps } from "./stack";

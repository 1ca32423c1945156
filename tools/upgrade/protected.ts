/**
 * Kinds of resources that hold data, or that data depends on. A replacement loses it, or locks the pipeline out of it: an
 * engine cannot change a volume's or a network's labels, and a cluster neither a StatefulSet's selector nor the claims in it.
 */
const PROTECTED: ReadonlySet<string> = new Set([
  "docker_volume",
  "docker_network",
  "kubernetes_namespace",
  "kubernetes_persistent_volume_claim",
  "kubernetes_secret",
  "kubernetes_stateful_set",
  "random_password",
]);

/** Whether an upgrade must keep resources of a type. The Kubernetes provider has two names for most of them. */
export function isProtected(type: string): boolean {
  return PROTECTED.has(type.replace(/_v1$/, ""));
}

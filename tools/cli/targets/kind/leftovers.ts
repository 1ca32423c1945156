import { PROJECT } from "../../../../infra/platforms/common";
import { ClusterNames } from "../../../../infra/platforms/kubernetes";
import { Progress } from "../../console";
import { settings } from "../../project";
import { recorded } from "../../state";
import { get, kubectl } from "./kubectl";

/** Resource types that an interrupted deploy may leave behind, by kind of object. */
const TYPES: Readonly<Record<string, string>> = {
  Deployment: "kubernetes_deployment_v1",
  StatefulSet: "kubernetes_stateful_set_v1",
  Job: "kubernetes_job_v1",
  Service: "kubernetes_service_v1",
  ConfigMap: "kubernetes_config_map_v1",
  Secret: "kubernetes_secret_v1",
  NetworkPolicy: "kubernetes_network_policy_v1",
  PodDisruptionBudget: "kubernetes_pod_disruption_budget_v1",
  PersistentVolumeClaim: "kubernetes_persistent_volume_claim_v1",
};
const NAMESPACE = "kubernetes_namespace_v1";

/** Selects Terraform's objects in the pipeline's namespace, and the namespace itself. */
const SELECTOR = `app.kubernetes.io/part-of=${PROJECT},app.kubernetes.io/managed-by=terraform`;

interface Labelled {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly status?: { readonly phase?: string };
}

/**
 * Removes objects that an interrupted deploy created and did not record, because their names would make Terraform fail.
 * Keeps a claim that has a volume, and its namespace, because the volume may hold data.
 */
export async function removeLeftovers(stack: string, progress: Progress): Promise<void> {
  const present = await get<Labelled>(Object.keys(TYPES).join(), "--selector", SELECTOR);
  for (const object of present) {
    if (!isRecorded(stack, TYPES[object.kind] ?? "", object) && !hasVolume(object))
      await remove(object, progress);
  }
  if (present.some(hasVolume)) return;
  const itself = `metadata.name=${new ClusterNames(settings().namePrefix).namespace}`;
  for (const namespace of await get<Labelled>(
    "Namespace",
    "--selector",
    SELECTOR,
    "--field-selector",
    itself,
  )) {
    if (!isRecorded(stack, NAMESPACE, namespace)) await remove(namespace, progress);
  }
}

function isRecorded(stack: string, type: string, { metadata }: Labelled): boolean {
  return recorded(stack, type).some((each) => each.metadata?.[0]?.name === metadata.name);
}

function hasVolume({ kind, status }: Labelled): boolean {
  return kind === "PersistentVolumeClaim" && status?.phase !== "Pending";
}

async function remove({ kind, metadata }: Labelled, progress: Progress): Promise<void> {
  await kubectl(["delete", kind, metadata.name, "--wait"]);
  progress.line(`${metadata.name}: left behind by an interrupted deploy, removed`);
}

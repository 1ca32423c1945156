import { DEPLOYMENT_LABEL, PROJECT } from "../../../../infra/platforms/common";
import { ClusterNames } from "../../../../infra/platforms/kubernetes";
import { Progress } from "../../console";
import { UserError } from "../../errors";
import { settings } from "../../project";
import { recorded, recordedDeploymentId } from "../../state";
import { get, kubectl, kubectlOptions } from "./kubectl";
import { plannedObjects } from "./preflight";

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
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly status?: { readonly phase?: string };
}

/**
 * Removes objects that an interrupted deploy created and did not record, because their names would make Terraform fail: they
 * have the deployment's label. Keeps a claim that has a volume, and its namespace, because the volume may hold data. The
 * namespace must be this deployment's, see `assertOwnNamespace`.
 * @param directory directory of the synthesized stack
 * @throws UserError if objects without the label have names that the stack needs
 */
export async function removeLeftovers(stack: string, directory: string, progress: Progress): Promise<void> {
  const id = recordedDeploymentId(stack);
  const isOurs = ({ metadata }: Labelled) => id !== undefined && metadata.labels[DEPLOYMENT_LABEL] === id;
  const present = await get<Labelled>(Object.keys(TYPES).join(), "--selector", SELECTOR);
  const unrecorded = present.filter((object) => !isRecorded(stack, TYPES[object.kind] ?? "", object));
  reportForeign(
    unrecorded.filter((object) => !isOurs(object)),
    directory,
    progress,
  );
  for (const object of unrecorded.filter(isOurs)) {
    if (!hasVolume(object)) await remove(object, progress);
  }
  // The claims of StatefulSets have other labels.
  if ((await get<Labelled>("PersistentVolumeClaim")).some(hasVolume)) return;
  const itself = `metadata.name=${new ClusterNames(settings().namePrefix).namespace}`;
  for (const namespace of await get<Labelled>("Namespace", "--field-selector", itself)) {
    if (isOurs(namespace) && !isRecorded(stack, NAMESPACE, namespace)) await remove(namespace, progress);
  }
}

/** Reports objects that an older version of this project left behind, or another program made with its labels. */
function reportForeign(objects: readonly Labelled[], directory: string, progress: Progress): void {
  if (objects.length === 0) return;
  const names = objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
  const remedy = `to remove them, run: kubectl ${kubectlOptions().join(" ")} delete ${names.join(" ")}`;
  const wanted = plannedObjects(directory);
  const inTheWay = names.filter((_, i) => {
    const { kind, metadata } = objects[i]!;
    return wanted.has(`${TYPES[kind]} ${metadata.name}`);
  });
  if (inTheWay.length > 0) {
    throw new UserError(
      `objects in the namespace have names that the pipeline needs, and this checkout did not deploy them: ${inTheWay.join(", ")}; ${remedy}`,
    );
  }
  progress.line(`not deployed by this checkout, kept: ${names.join(", ")}; ${remedy}`);
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

import { DEPLOYMENT_LABEL } from "../../../../infra/platforms/common";
import { ClusterNames } from "../../../../infra/platforms/kubernetes";
import { UserError } from "../../errors";
import { pipelineStack, settings } from "../../project";
import { recorded, recordedDeploymentId } from "../../state";
import { get, kubectl, kubectlOptions } from "./kubectl";

/** Whose the pipeline's namespace is: "absent" if the cluster has none. */
export type Owner = "this deployment" | "another deployment" | "absent";

interface Namespace {
  readonly metadata: { readonly uid: string; readonly labels?: Readonly<Record<string, string>> };
}

/**
 * Finds out whose the pipeline's namespace is, on a cluster that answers.
 * @throws UserError if the cluster cannot be queried
 */
export async function namespaceOwner(): Promise<Owner> {
  const { namespace } = new ClusterNames(settings().namePrefix);
  const [found] = await get<Namespace>("namespaces", "--field-selector", `metadata.name=${namespace}`);
  if (found === undefined) return "absent";
  const { stack } = pipelineStack("kind");
  const { uid, labels = {} } = found.metadata;
  const id = recordedDeploymentId(stack);
  const own = uid === recordedUid(stack) || (id !== undefined && labels[DEPLOYMENT_LABEL] === id);
  return own ? "this deployment" : "another deployment";
}

/**
 * The UID of the namespace that this checkout deployed. A refresh overwrites the one of the namespace itself when another
 * deployment has created it again; the one that images were delivered for stays.
 */
function recordedUid(stack: string): string | undefined {
  for (const { triggers_replace } of recorded(stack, "terraform_data")) {
    const { cluster } = (triggers_replace?.value ?? {}) as { readonly cluster?: string };
    if (cluster !== undefined) return cluster;
  }
  return recorded(stack, "kubernetes_namespace_v1")[0]?.metadata?.[0]?.uid;
}

/** @throws UserError if the pipeline's namespace belongs to another deployment */
export async function assertOwnNamespace(): Promise<void> {
  if ((await namespaceOwner()) !== "another deployment") return;
  const { namespace } = new ClusterNames(settings().namePrefix);
  throw new UserError(
    `the namespace ${namespace} belongs to another deployment; nothing was changed in it; ` +
      "if another checkout deployed it, run there: make destroy TARGET=kind; " +
      "to deploy beside it, set namePrefix and other ports in cdktf.json; " +
      `to remove it with its data, run: kubectl ${kubectlOptions().slice(0, 2).join(" ")} delete namespace ${namespace}`,
  );
}

/** Namespaces that a new kind cluster has and people do not use. */
const SYSTEM = ["kube-system", "kube-public", "kube-node-lease", "local-path-storage"];

/** Lists the namespaces in which others have pods or claims. */
export async function othersNamespaces(): Promise<string[]> {
  const { namespace } = new ClusterNames(settings().namePrefix);
  const { stdout } = await kubectl([
    ...["get", "pods,persistentvolumeclaims", "--all-namespaces"],
    ...["--output", 'jsonpath={range .items[*]}{.metadata.namespace}{"\\n"}{end}'],
  ]);
  const used = new Set(stdout.split("\n").filter(Boolean));
  return [...used].filter((name) => name !== namespace && !SYSTEM.includes(name)).sort();
}

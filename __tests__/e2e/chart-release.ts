import execa from "execa";
import { BuiltImage } from "../../infra/workload";
import { DEPLOYMENT_LABEL } from "../../infra/platforms/common";
import { ClusterNames } from "../../infra/platforms/kubernetes";
import { pipelineStack, ROOT, settings } from "../../tools/cli/project";
import { recordedDeploymentId } from "../../tools/cli/state";
import { get, kubectl, kubectlOptions } from "../../tools/cli/targets/kind/kubectl";
import { CHART_FOLDER } from "../../tools/chart/chart";
import { chartDefinition, partsOf } from "../../tools/chart/definition";
import { run } from "../../tools/proof/support";

const RELEASE = "pipeline";
/** Kinds of objects that the chart makes, or that come of them. */
const KINDS =
  "deployments,statefulsets,jobs,pods,services,configmaps,secrets,networkpolicies,poddisruptionbudgets,persistentvolumeclaims";
/** Kubernetes' own, in every namespace. */
const CLUSTER_CERTIFICATE = "kube-root-ca.crt";

/** A release of the chart on the kind cluster of the settings. */
export class ChartRelease {
  private readonly names = new ClusterNames(settings().namePrefix);
  private readonly images = partsOf(chartDefinition()).images.filter((image) => image instanceof BuiltImage);

  /** Makes what has to be there before: the images on the nodes, and a namespace that takes restricted pods only. */
  async prepare(): Promise<void> {
    const references = this.images.map((image) => `realtime-data-pipeline/${image.node.id}:${image.tag}`);
    await run("tools/kind/kind", "load", "docker-image", "--name", this.names.cluster, ...references);
    await kubectl(["create", "namespace", this.names.namespace]);
    const restricted = "pod-security.kubernetes.io/enforce=restricted";
    // With the deployment's label, as `make destroy` takes it for this checkout's own.
    const own = `${DEPLOYMENT_LABEL}=${recordedDeploymentId(pipelineStack("kind").stack)}`;
    await kubectl(["label", "namespace", this.names.namespace, restricted, own]);
  }

  /** Installs it, and waits until everything is ready and every job is done. */
  async install(): Promise<void> {
    await this.helm("install", ...this.chart(), "--wait", "--wait-for-jobs", "--timeout", "20m");
  }

  /** Upgrades it to the same chart with some values changed. */
  async upgrade(...values: readonly string[]): Promise<void> {
    await this.helm("upgrade", ...this.chart(values), "--wait", "--wait-for-jobs", "--timeout", "20m");
  }

  async uninstall(): Promise<void> {
    await this.helm("uninstall", RELEASE, "--wait");
  }

  /** Everything that Helm has installed. */
  manifest(): Promise<string> {
    return this.helm("get", "manifest", RELEASE);
  }

  /** What is in the namespace, as KIND/NAME. */
  async objects(): Promise<string[]> {
    const present = await get<{ kind: string; metadata: { name: string } }>(KINDS);
    return present
      .filter(({ metadata }) => metadata.name !== CLUSTER_CERTIFICATE)
      .map(({ kind, metadata }) => `${kind}/${metadata.name}`);
  }

  private chart(values: readonly string[] = []): string[] {
    const tags = this.images.map((image) => `images.${image.node.id}.tag=${image.tag}`);
    const set = ["hostPorts=true", ...tags, ...values].flatMap((value) => ["--set", value]);
    return [RELEASE, CHART_FOLDER, ...set];
  }

  private async helm(...args: readonly string[]): Promise<string> {
    const [, context = "", ...namespace] = kubectlOptions();
    const options = ["--kube-context", context, ...namespace];
    return (await execa("tools/kind/helm", [...args, ...options], { cwd: ROOT })).stdout;
  }
}

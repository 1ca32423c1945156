import { DockerProvider } from "@cdktf/provider-docker/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { RandomProvider } from "@cdktf/provider-random/lib/provider";
import { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { pinVersions } from "../common";

/** Properties of {@link KubernetesStack}. */
export interface KubernetesStackProps {
  /** The context of the kubeconfig that says where the cluster is and how to log in. */
  readonly context: string;
  /**
   * The kubeconfig.
   * @default ~/.kube/config
   */
  readonly kubeconfig?: string;
}

/** A stack whose resources live on a Kubernetes cluster. Its images are built by a Docker Engine. */
export class KubernetesStack extends TerraformStack {
  constructor(scope: Construct, id: string, { context, kubeconfig }: KubernetesStackProps) {
    super(scope, id);
    new KubernetesProvider(this, "cluster", {
      configPath: kubeconfig ?? "~/.kube/config",
      configContext: context,
    });
    new DockerProvider(this, "engine");
    new RandomProvider(this, "random");
    pinVersions(this, "kubernetes", "docker", "random");
  }
}

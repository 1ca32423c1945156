import { App, TerraformStack } from "cdktf";
import { ImageSource } from "./images/source";
import { Pipeline } from "./pipeline";
import { recordImageSource, stackId, type Target } from "./platforms/common";
import { DockerPlatform, DockerStack } from "./platforms/docker";
import {
  ClusterNames,
  destinationOf,
  KubernetesPlatform,
  KubernetesStack,
  outputPublishedPorts,
} from "./platforms/kubernetes";
import { Settings } from "./settings";

/** Properties of the stack of any target. */
export interface StackProps {
  readonly settings: Settings;
  /** The origin of the images. */
  readonly imageSource: ImageSource;
  /**
   * Whether workloads and jobs exist. Networks, volumes, passwords and images exist in either case.
   * @default true
   */
  readonly running?: boolean;
}

/** The functions that define the pipeline's stack for each target. */
export const stacks: Readonly<Record<Target, (app: App, props: StackProps) => TerraformStack>> = {
  docker: dockerStack,
  kind: kindStack,
};

function dockerStack(app: App, { settings, imageSource, running }: StackProps): TerraformStack {
  const { namePrefix } = settings;
  const stack = new DockerStack(app, stackId("docker", namePrefix));
  const definition = new Pipeline(stack, "pipeline", { settings, imageSource });
  new DockerPlatform(stack, { definition, namePrefix, running });
  recordImageSource(stack, imageSource);
  return stack;
}

function kindStack(app: App, { settings, imageSource, running }: StackProps): TerraformStack {
  const { namePrefix, kubernetes } = settings;
  const { context, own, delivery } = destinationOf(settings);
  const stack = new KubernetesStack(app, stackId("kind", namePrefix), {
    context,
    kubeconfig: process.env["KUBECONFIG"],
  });
  const definition = new Pipeline(stack, "pipeline", { settings, imageSource });
  // A rollout replaces one service beside the others. On Docker, a new schema replaces all services that use it at once.
  definition.startReadersFirst();
  new KubernetesPlatform(stack, {
    definition,
    namespace: new ClusterNames(namePrefix).namespace,
    delivery,
    hostPorts: own,
    storageClass: kubernetes.storageClass || undefined,
    running,
  });
  outputPublishedPorts(stack, definition);
  recordImageSource(stack, imageSource);
  return stack;
}

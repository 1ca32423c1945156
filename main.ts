import { App } from "cdktf";
import { chooseImageSource, ImageSource } from "./infra/images/source";
import { Pipeline } from "./infra/pipeline";
import {
  containerRegistryAnswers,
  recordedImageSource,
  recordImageSource,
  stackId,
  type Target,
} from "./infra/platforms/common";
import { DockerPlatform, DockerStack } from "./infra/platforms/docker";
import {
  ClusterNames,
  outputPublishedPorts,
  destinationOf,
  KubernetesPlatform,
  KubernetesStack,
} from "./infra/platforms/kubernetes";
import { resolveSettings, retiredNotices, Settings, SettingsError } from "./infra/settings";

/** Inputs shared by both targets. */
interface Definition {
  readonly settings: Settings;
  /** False for `make down`: workloads are removed, everything else is kept. */
  readonly running: boolean;
}

/** Defines one stack per target. The project's own commands select one target, which takes less time. */
function define(app: App): void {
  const context: unknown = app.node.tryGetContext("pipeline");
  for (const notice of retiredNotices(context, process.env)) console.error(notice);
  const settings = resolveSettings(context, process.env);
  const running = app.node.tryGetContext("running") !== false;
  const only = app.node.tryGetContext("target") as Target | undefined;
  if (only !== "kind") defineDocker(app, { settings, running });
  if (only !== "docker") defineKind(app, { settings, running });
}

function defineDocker(app: App, { settings, running }: Definition): void {
  const { namePrefix } = settings;
  const id = stackId("docker", namePrefix);
  const imageSource = imageSourceOf(id, settings);
  const stack = new DockerStack(app, id);
  const definition = new Pipeline(stack, "pipeline", { settings, imageSource });
  new DockerPlatform(stack, { definition, namePrefix, running });
  recordImageSource(stack, imageSource);
}

function defineKind(app: App, { settings, running }: Definition): void {
  const { namePrefix, kubernetes } = settings;
  const id = stackId("kind", namePrefix);
  const imageSource = imageSourceOf(id, settings);
  const { context, own, delivery } = destinationOf(settings);
  const stack = new KubernetesStack(app, id, { context, kubeconfig: process.env["KUBECONFIG"] });
  const definition = new Pipeline(stack, "pipeline", { settings, imageSource });
  // A rollout replaces services one by one, so readers of a new schema start first. Docker recreates all its users
  // at once.
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
}

/** Each target has its own data, and therefore its own choice. */
function imageSourceOf(stack: string, { images }: Settings): ImageSource {
  return chooseImageSource(images, recordedImageSource(stack), containerRegistryAnswers);
}

// Skips cdktf's check of the Terraform version; the preparation and `required_version` check it.
const app = new App({ skipValidation: true });
try {
  define(app);
  app.synth();
} catch (error) {
  // Invalid settings need no stack trace.
  if (!(error instanceof SettingsError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

import { App } from "cdktf";
import { chooseImageSource } from "./infra/images/source";
import { Pipeline } from "./infra/pipeline";
import {
  containerRegistryAnswers,
  DockerPlatform,
  DockerStack,
  recordedImageSource,
  recordImageSource,
  stackId,
} from "./infra/platforms/docker";
import { resolveSettings, SettingsError } from "./infra/settings";

/** The stacks of this app: one for each target. */
function define(app: App): void {
  const settings = resolveSettings(app.node.tryGetContext("pipeline"), process.env);
  const { namePrefix } = settings;
  const id = stackId(namePrefix);
  const imageSource = chooseImageSource(settings.images, recordedImageSource(id), containerRegistryAnswers);
  // `make down` says false: everything but the containers stays.
  const running = app.node.tryGetContext("running") !== false;

  const docker = new DockerStack(app, id);
  const pipeline = new Pipeline(docker, "pipeline", { settings, imageSource });
  new DockerPlatform(docker, { definition: pipeline, namePrefix, running });
  recordImageSource(docker, imageSource);
}

// cdktf would ask Terraform for its version once a job; the preparation and `required_version` see to that.
const app = new App({ skipValidation: true });
try {
  define(app);
  app.synth();
} catch (error) {
  // What a user has to change is told without a stack trace.
  if (!(error instanceof SettingsError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

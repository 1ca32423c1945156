import { App } from "cdktf";
import { Pipeline } from "./infra/pipeline";
import { DockerPlatform, DockerStack } from "./infra/platforms/docker";
import { resolveSettings } from "./infra/settings";

const app = new App();
const settings = resolveSettings(app.node.tryGetContext("pipeline"));

const docker = new DockerStack(app, "docker");
const pipeline = new Pipeline(docker, "pipeline", { settings });
new DockerPlatform(docker, { definition: pipeline, running: settings.running });

app.synth();

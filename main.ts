import { App } from "cdktf";
import { Pipeline } from "./infra/pipeline";
import { DockerPlatform, DockerStack, stackId } from "./infra/platforms/docker";
import { resolveSettings } from "./infra/settings";

const app = new App();
const settings = resolveSettings(app.node.tryGetContext("pipeline"), process.env);
const { namePrefix } = settings;
// `make down` says false: everything but the containers stays.
const running = app.node.tryGetContext("running") !== false;

const docker = new DockerStack(app, stackId(namePrefix));
const pipeline = new Pipeline(docker, "pipeline", { settings });
new DockerPlatform(docker, { definition: pipeline, namePrefix, running });

app.synth();

import { join } from "node:path";
import { App } from "cdktf";
import { Images } from "../../../../infra/images";
import { chooseImageSource } from "../../../../infra/images/source";
import { Images as ImageResources, recordedImageSource, stackId } from "../../../../infra/platforms/common";
import { DockerStack } from "../../../../infra/platforms/docker";
import { BuiltImage } from "../../../../infra/workload";
import { settings } from "../../../cli/project";

/** The image of the {@link Toolbox}, made as the pipeline's own are. */
const app = new App({ skipValidation: true });
const stack = new DockerStack(app, "fault-tools");
const { images, namePrefix } = settings();
const source = chooseImageSource(images, recordedImageSource(stackId("docker", namePrefix)));
const { servers } = new Images(stack, "images", { source, controlCenter: "open" });
const tools = new BuiltImage(stack, "fault-tools", {
  directory: join(__dirname, "image"),
  parents: { NODE: servers.node },
});
new ImageResources(stack).output({ tools });

app.synth();

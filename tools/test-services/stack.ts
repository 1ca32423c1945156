import { App } from "cdktf";
import { Foundation } from "../../infra/foundation";
import { Images } from "../../infra/images";
import { DockerPlatform, DockerStack } from "../../infra/platforms/docker";
import { resolveSettings } from "../../infra/settings";
import { PREFIX, SETTINGS } from "./services";

/** The servers that the tests of the apps run against: the pipeline's own, under other names and ports. */
const app = new App({ skipValidation: true });
const stack = new DockerStack(app, "test-services");
const images = new Images(stack, "images", { source: "build", controlCenter: "open" });
const foundation = new Foundation(stack, "foundation", {
  images,
  settings: resolveSettings(SETTINGS),
});
// The roles that the apps are granted in the pipeline.
foundation.postgres.addStagingRole("producer", "publish");
foundation.postgres.addStagingRole("dags", "write");
foundation.cassandra.addRole("sink", "write");
new DockerPlatform(stack, {
  definition: foundation,
  namePrefix: PREFIX,
  // The Python tests run in the images that the apps run in, and the contract test looks at every server's.
  images: { ...images.servers, sparkConnectors: images.spark },
});

app.synth();

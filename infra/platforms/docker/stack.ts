import { DockerProvider } from "@cdktf/provider-docker/lib/provider";
import { RandomProvider } from "@cdktf/provider-random/lib/provider";
import { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { pinVersions } from "../common";

/** A stack whose resources live on a Docker Engine. */
export class DockerStack extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    // The engine is the one that DOCKER_HOST or the default socket names.
    new DockerProvider(this, "engine");
    new RandomProvider(this, "random");
    pinVersions(this, "docker", "random");
  }
}

import { DockerProvider } from "@cdktf/provider-docker/lib/provider";
import { RandomProvider } from "@cdktf/provider-random/lib/provider";
import { TerraformStack } from "cdktf";
import { Construct } from "constructs";

/** The id of the stack of the pipeline with that name prefix: each has a state of its own. */
export function stackId(namePrefix: string): string {
  return namePrefix === "" ? "docker" : `docker-${namePrefix}`;
}

/** A stack whose resources live on a Docker Engine. */
export class DockerStack extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    // The engine is the one that DOCKER_HOST or the default socket names.
    new DockerProvider(this, "engine");
    new RandomProvider(this, "random");
    // The bindings pin a provider that cannot set the owner of uploaded files and has no BuildKit.
    this.addOverride("terraform.required_providers.docker.version", "~> 4.6");
    this.addOverride("terraform.required_providers.random.version", "~> 3.7");
    this.addOverride("terraform.required_version", ">= 1.5");
  }
}

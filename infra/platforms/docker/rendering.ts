import { Container as ContainerResource } from "@cdktf/provider-docker/lib/container";
import { Network } from "@cdktf/provider-docker/lib/network";
import { Server } from "../../workload";
import { Images, Secrets } from "../common";
import { Label, Names } from "./names";
import { DockerStack } from "./stack";
import { Volumes } from "./volumes";

/** What the renderers of single resources share. */
export interface Rendering {
  readonly stack: DockerStack;
  readonly names: Names;
  /** Labels of containers. */
  readonly labels: readonly Label[];
  readonly network: Network;
  readonly images: Images;
  readonly secrets: Secrets;
  readonly volumes: Volumes;
  /** The rendered containers of each workload. */
  readonly containers: ReadonlyMap<Server, readonly ContainerResource[]>;
}

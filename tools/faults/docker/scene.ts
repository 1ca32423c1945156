import type { Fault, Scene } from "../fault";
import type { Containers } from "./means/containers";
import type { Network } from "./means/network";
import type { Toolbox } from "./means/toolbox";

/** What a fault on Docker can act on. */
export interface DockerScene extends Scene {
  readonly containers: Containers;
  readonly network: Network;
  readonly toolbox: Toolbox;
}

/** A fault of the pipeline on Docker. */
export type DockerFault = Fault<DockerScene>;

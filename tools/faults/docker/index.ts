import type { Progress } from "../../cli/console";
import type { Suite } from "../fault";
import { CLOCK } from "./clock";
import { DEPLOYS } from "./deploys";
import { DISK } from "./disk";
import { KILLED } from "./killed";
import { Containers } from "./means/containers";
import { Network } from "./means/network";
import { Toolbox } from "./means/toolbox";
import { NETWORK } from "./network";
import { POISON } from "./poison";
import type { DockerScene } from "./scene";
import { SLOT } from "./slot";
import { SOURCE } from "./source";
import { STOPPED } from "./stopped";

/** Every fault on Docker, in the order in which they happen. */
export const dockerSuite: Suite<DockerScene> = {
  faults: [...KILLED, ...STOPPED, ...SLOT, ...SOURCE, ...NETWORK, ...POISON, ...CLOCK, ...DISK, ...DEPLOYS],
  async prepare(progress: Progress) {
    const toolbox = await Toolbox.prepare(progress);
    const containers = new Containers(toolbox);
    return { containers, toolbox, network: new Network(containers, toolbox) };
  },
};

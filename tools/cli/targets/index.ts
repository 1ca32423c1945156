import { type Target as TargetName } from "../../../infra/platforms/common";
import { DockerTarget } from "./docker";
import { KindTarget } from "./kind";
import { Target } from "./target";

export { type Inventory, type Running, type Target } from "./target";

/** Creates the target with the given name. */
export function targetOf(name: TargetName): Target {
  return name === "docker" ? new DockerTarget() : new KindTarget();
}

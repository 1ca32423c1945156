import { EngineObject } from "../../preflight/engine";
import { recorded } from "../../state";

/** Objects in a stack's state, created by earlier deploys from this checkout. */
export interface Deployed {
  readonly names: Readonly<Record<EngineObject, ReadonlySet<string>>>;
  readonly networkIds: readonly string[];
}

/** Reads the objects in a stack's state; empty if nothing was deployed. */
export function readDeployed(stack: string): Deployed {
  const names = (type: string) => new Set(recorded(stack, type).map(({ name = "" }) => name));
  return {
    names: {
      container: names("docker_container"),
      network: names("docker_network"),
      volume: names("docker_volume"),
    },
    networkIds: recorded(stack, "docker_network").map(({ id }) => id),
  };
}

import { EngineObject } from "../../preflight/engine";
import { recorded } from "../../state";

/** What a stack's state knows: what earlier deploys from this checkout have made. */
export interface Deployed {
  readonly names: Readonly<Record<EngineObject, ReadonlySet<string>>>;
  readonly networkIds: readonly string[];
}

/** Reads what a stack's state knows; nothing where nothing was deployed. */
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

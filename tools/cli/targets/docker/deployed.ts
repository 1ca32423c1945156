import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { EngineObject } from "../../preflight/engine";
import { ROOT } from "../../project";

/** What a stack's state knows: what earlier deploys from this checkout have made. */
export interface Deployed {
  readonly names: Readonly<Record<EngineObject, ReadonlySet<string>>>;
  readonly networkIds: readonly string[];
}

interface State {
  readonly resources?: readonly {
    readonly type: string;
    readonly instances: readonly { readonly attributes: { readonly id: string; readonly name: string } }[];
  }[];
}

/** Reads what a stack's state knows; nothing where nothing was deployed. */
export function readDeployed(stack: string): Deployed {
  const file = join(ROOT, `terraform.${stack}.tfstate`);
  const { resources = [] } = (existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {}) as State;
  const all = (type: string) =>
    resources
      .filter((resource) => resource.type === type)
      .flatMap(({ instances }) => instances.map(({ attributes }) => attributes));
  const names = (type: string) => new Set(all(type).map(({ name }) => name));
  return {
    names: {
      container: names("docker_container"),
      network: names("docker_network"),
      volume: names("docker_volume"),
    },
    networkIds: all("docker_network").map(({ id }) => id),
  };
}

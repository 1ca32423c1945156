import { isProtected } from "./protected";

/** A plan, as `terraform show -json` prints it: the fields used here. */
export interface Plan {
  readonly resource_changes?: readonly {
    readonly address: string;
    readonly type: string;
    readonly change: {
      readonly actions: readonly string[];
      /** The attributes, each as a path, that force a replacement. */
      readonly replace_paths?: readonly (readonly (string | number)[])[];
    };
  }[];
}

/**
 * What a plan would do to resources that an upgrade must keep.
 * @returns a line for each resource that is replaced or destroyed, e.g. "docker_volume.broker-data is replaced (labels)"
 */
export function lossesOf({ resource_changes = [] }: Plan): string[] {
  return resource_changes
    .filter(({ type, change }) => isProtected(type) && change.actions.includes("delete"))
    .map(({ address, change: { actions, replace_paths = [] } }) => {
      if (!actions.includes("create")) return `${address} is destroyed`;
      const attributes = new Set(replace_paths.map(([attribute]) => attribute));
      return `${address} is replaced${attributes.size > 0 ? ` (${[...attributes].join(", ")})` : ""}`;
    });
}

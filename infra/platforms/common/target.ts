/** Where the pipeline can be deployed to: each is a stack of its own. */
export const TARGETS = ["docker", "kind"] as const;
export type Target = (typeof TARGETS)[number];

/** The id of a target's stack for the pipeline with that name prefix: each has a state of its own. */
export function stackId(target: Target, namePrefix: string): string {
  return namePrefix === "" ? target : `${target}-${namePrefix}`;
}

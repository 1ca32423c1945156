import { EngineObject } from "../deployed";
import { Finding, fine, problem } from "./check";
import { namesOf } from "./engine";
import { Plan } from "./plan";

const KINDS: readonly EngineObject[] = ["container", "network", "volume"];

/**
 * Whether nothing on the engine has the names that the pipeline needs.
 * @param own names of what this checkout has deployed
 */
export async function checkNames(
  { names }: Plan,
  own: Readonly<Record<EngineObject, ReadonlySet<string>>>,
): Promise<Finding[]> {
  const found = await Promise.all(
    KINDS.map(async (kind) => {
      const present = new Set(await namesOf(kind));
      const foreign = names[kind].filter((name) => present.has(name) && !own[kind].has(name));
      if (foreign.length === 0) return [];
      const remove = kind === "container" ? "docker rm --force" : `docker ${kind} rm`;
      return [
        problem(
          "names",
          `${kind}${foreign.length > 1 ? "s" : ""} not of this checkout: ${foreign.join(", ")}`,
          "Deployed from another checkout of this project? Run make destroy there.",
          `If they may go: ${remove} ${foreign.join(" ")}`,
          "To keep them, set namePrefix (and ports) in cdktf.json: all names are different then.",
        ),
      ];
    }),
  );
  const problems = found.flat();
  return problems.length > 0 ? problems : [fine("names", "free, or the pipeline's own")];
}

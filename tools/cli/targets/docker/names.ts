import { Finding, fine, problem } from "../../preflight/check";
import { EngineObject, namesOf } from "../../preflight/engine";
import { Plan } from "./plan";

const KINDS: readonly EngineObject[] = ["container", "network", "volume"];
/** So many names of a kind are told; the commands have all of them. */
const SHOWN = 3;

/**
 * Whether nothing on the engine has the names that the pipeline needs.
 * @param own names of what this checkout has deployed
 */
export async function checkNames(
  { names }: Plan,
  own: Readonly<Record<EngineObject, ReadonlySet<string>>>,
): Promise<Finding> {
  const taken = await Promise.all(
    KINDS.map(async (kind) => {
      const present = new Set(await namesOf(kind));
      return { kind, names: names[kind].filter((name) => present.has(name) && !own[kind].has(name)) };
    }),
  );
  const foreign = taken.filter((each) => each.names.length > 0);
  if (foreign.length === 0) return fine("names", "free, or the pipeline's own");
  return problem(
    "names",
    `taken by what this checkout has not deployed: ${foreign.map(shown).join("; ")}`,
    "Deployed from another checkout of this project? Run make destroy there.",
    "To keep it, set namePrefix and ports of this pipeline's own in cdktf.json.",
    "If it may go:",
    ...foreign.map(
      ({ kind, names }) => `  docker ${kind} rm ${kind === "container" ? "--force " : ""}${names.join(" ")}`,
    ),
  );
}

function shown({ kind, names }: { kind: EngineObject; names: readonly string[] }): string {
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : "";
  return `${kind}${names.length > 1 ? "s" : ""} ${names.slice(0, SHOWN).join(", ")}${more}`;
}

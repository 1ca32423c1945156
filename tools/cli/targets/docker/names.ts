import { Finding, fine, problem } from "../../preflight/check";
import { EngineObject, namesOf } from "../../preflight/engine";
import { Plan } from "./plan";

const KINDS: readonly EngineObject[] = ["container", "network", "volume"];
/** Number of names per kind in the message; the commands contain all names. */
const SHOWN = 3;

/**
 * Checks that no foreign object on the engine has a name that the pipeline needs.
 * @param own names of objects in this checkout's state
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
  if (foreign.length === 0) return fine("names", "free or used by the pipeline");
  return problem(
    "names",
    `in use by objects that this checkout did not deploy: ${foreign.map(shown).join("; ")}`,
    "If another checkout of this project deployed them, run there: make destroy",
    "To keep them, set namePrefix and other ports in cdktf.json.",
    "To remove them, run:",
    ...foreign.map(
      ({ kind, names }) => `  docker ${kind} rm ${kind === "container" ? "--force " : ""}${names.join(" ")}`,
    ),
  );
}

function shown({ kind, names }: { kind: EngineObject; names: readonly string[] }): string {
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : "";
  return `${kind}${names.length > 1 ? "s" : ""} ${names.slice(0, SHOWN).join(", ")}${more}`;
}

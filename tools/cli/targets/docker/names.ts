import { Finding, fine, problem } from "../../preflight/check";
import { EngineObject, NamedObject, objectsOf } from "../../preflight/engine";
import { KINDS } from "./deployed";
import { Plan } from "./plan";

/** Number of names per kind in the message; the commands contain all names. */
const SHOWN = 3;

/**
 * Checks that no foreign object on the engine has a name that the pipeline needs.
 * @param isOwn whether this checkout deployed an object
 */
export async function checkNames(
  { names }: Plan,
  isOwn: (kind: EngineObject, object: NamedObject) => boolean,
): Promise<Finding> {
  const taken = await Promise.all(
    KINDS.map(async (kind) => {
      const present = (await objectsOf(kind)).filter((object) => !isOwn(kind, object));
      const foreign = new Set(present.map(({ name }) => name));
      return { kind, names: names[kind].filter((name) => foreign.has(name)) };
    }),
  );
  const foreign = taken.filter((each) => each.names.length > 0);
  if (foreign.length === 0) return fine("names", "free or used by the pipeline");
  return problem(
    "names",
    `in use by objects that this checkout did not deploy: ${foreign.map(shown).join("; ")}`,
    "If another checkout of this project deployed them, run there: make destroy",
    "To keep them, set namePrefix and other ports in cdktf.json.",
    "To remove a pipeline whose checkout is gone, with its data, run: make destroy FORCE=1",
    "To remove them by hand, run:",
    ...foreign.map(
      ({ kind, names }) => `  docker ${kind} rm ${kind === "container" ? "--force " : ""}${names.join(" ")}`,
    ),
  );
}

function shown({ kind, names }: { kind: EngineObject; names: readonly string[] }): string {
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : "";
  return `${kind}${names.length > 1 ? "s" : ""} ${names.slice(0, SHOWN).join(", ")}${more}`;
}

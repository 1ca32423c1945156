import { messageOf, SetupError } from "../../../apps/setup/src/errors";
import { Registry } from "../../../apps/setup/src/registry";
import {
  inspect,
  refusalsOf,
  schemasDeclaration,
  type SubjectState,
  subjectsOf,
} from "../../../apps/setup/src/subjects";
import { Finding, fine, problem } from "./check";

/** The job that registers the schemas, and where it finds what it is to register. */
export const SCHEMAS_JOB = "schemas";
const DECLARATION = "/etc/pipeline/setup.json";

const RULE =
  "What is on the topic has to stay readable: a new field needs a default, a type can only become wider.";

/**
 * Whether the deployed registry would take the schemas. The job that registers them asks the same, but when it does, what uses
 * them may be stopped already.
 *
 * @param read gives a file of the synthesized job, by its path in the container
 * @param port where the registry answers on this machine
 */
export async function checkSchemas(read: (path: string) => string, port: number): Promise<Finding[]> {
  const declaration = schemasDeclaration.parse(JSON.parse(read(DECLARATION)));
  try {
    const subjects = subjectsOf(declaration, read);
    const registry = new Registry(`http://127.0.0.1:${port}`);
    const states: SubjectState[] = [];
    for (const subject of subjects) states.push(await inspect(registry, subject));
    const refusals = refusalsOf(states);
    return refusals.length > 0
      ? refusals.map((refusal) => problem("schemas", refusal, RULE))
      : [fine("schemas", `the registry takes ${subjects.map(({ file }) => file).join(", ")}`)];
  } catch (error) {
    if (error instanceof SetupError) return [problem("schemas", error.message)];
    return [fine("schemas", `the registry cannot be asked now (${messageOf(error)}); the deploy asks it`)];
  }
}

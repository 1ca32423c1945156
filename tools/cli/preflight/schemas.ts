import { messageOf, SetupError } from "@pipeline/setup/errors";
import { Registry } from "@pipeline/setup/registry";
import {
  inspect,
  refusalsOf,
  schemasDeclaration,
  type Subject,
  type SubjectState,
  subjectsOf,
} from "@pipeline/setup/subjects";
import { Finding, fine, problem } from "./check";

/** The job that registers the schemas, and the path of its declaration. */
export const SCHEMAS_JOB = "schemas";
const DECLARATION = "/etc/pipeline/setup.json";

const RULE =
  "Messages on the topic must stay readable: give a new field a default; change a type only to a wider one.";

/**
 * The subjects that a synthesized job registers.
 *
 * @param read gives a file of the job, by its path in the container
 * @throws SetupError when a schema is none
 */
export function declaredSubjects(read: (path: string) => string): Subject[] {
  return subjectsOf(schemasDeclaration.parse(JSON.parse(read(DECLARATION))), read);
}

/**
 * Checks that the deployed registry accepts the schemas. The job that registers them checks the same, but by then the
 * clients of the schemas may already be stopped.
 *
 * @param read returns a file of the synthesized job by its path in the container
 * @param port published port of the registry
 */
export async function checkSchemas(read: (path: string) => string, port: number): Promise<Finding[]> {
  try {
    const subjects = declaredSubjects(read);
    const registry = new Registry(`http://127.0.0.1:${port}`);
    const states: SubjectState[] = [];
    for (const subject of subjects) states.push(await inspect(registry, subject));
    const refusals = refusalsOf(states);
    return refusals.length > 0
      ? refusals.map((refusal) => problem("schemas", refusal, RULE))
      : [fine("schemas", `the registry accepts ${subjects.map(({ file }) => file).join(", ")}`)];
  } catch (error) {
    if (error instanceof SetupError) return [problem("schemas", error.message)];
    return [
      fine(
        "schemas",
        `not checked: the registry is unreachable (${messageOf(error)}); the deploy checks them`,
      ),
    ];
  }
}

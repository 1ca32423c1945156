import { basename } from "node:path";
import { type Schema, Type } from "avsc";
import { z } from "zod";
import { uniqueBy } from "./declaration";
import { messageOf, SetupError } from "./errors";
import type { RegisteredSchema, Registry } from "./registry";

/** The declaration file of `setup schemas`: the subjects, each with the file of its newest schema. */
export const schemasDeclaration = z.strictObject({
  subjects: z
    .array(
      z.strictObject({
        subject: z.string().min(1),
        /** Relative paths start at the declaration file's directory. */
        schemaFile: z.string().min(1),
        compatibility: z.enum([
          "NONE",
          "BACKWARD",
          "BACKWARD_TRANSITIVE",
          "FORWARD",
          "FORWARD_TRANSITIVE",
          "FULL",
          "FULL_TRANSITIVE",
        ]),
      }),
    )
    .refine(uniqueBy("subject"), "names a subject twice"),
});

/** A declared subject. */
export interface Subject {
  name: string;
  /** The name of the schema's file. */
  file: string;
  /** The schema without white space between its parts. */
  schema: string;
  compatibility: string;
}

/** How a declared subject stands in the registry. */
export interface SubjectState extends Subject {
  isNew: boolean;
  /** The version that is this schema, `null` if there is none yet. */
  registered: RegisteredSchema | null;
  /** Why the registry would refuse the schema; empty when it would not. */
  refusals: string[];
}

/**
 * The subjects of a declaration, with their schemas.
 *
 * @param read gives the content of a schema file
 * @throws SetupError when a file is none with an Avro schema
 */
export function subjectsOf(
  declaration: z.infer<typeof schemasDeclaration>,
  read: (schemaFile: string) => string,
): Subject[] {
  return declaration.subjects.map(({ subject, schemaFile, compatibility }) => {
    const file = basename(schemaFile);
    try {
      const schema = JSON.parse(read(schemaFile)) as Schema;
      Type.forSchema(schema);
      return { name: subject, file, schema: JSON.stringify(schema), compatibility };
    } catch (error) {
      throw new SetupError(`${file} is not a file with an Avro schema: ${messageOf(error)}`);
    }
  });
}

/** Asks what would become of the schema, at the level that the subject has now. Registers nothing. */
export async function inspect(registry: Registry, subject: Subject): Promise<SubjectState> {
  const { name, schema } = subject;
  const isNew = !(await registry.exists(name));
  const registered = isNew ? null : await registry.lookup(name, schema);
  const refusals = isNew || registered !== null ? [] : await registry.incompatibilities(name, schema);
  return { ...subject, isNew, registered, refusals };
}

/** What the registry has against each subject that it would refuse. */
export function refusalsOf(states: readonly SubjectState[]): string[] {
  return states
    .filter(({ refusals }) => refusals.length > 0)
    .map(
      ({ name, file, compatibility, refusals }) =>
        `${name} would not be ${compatibility} with ${file}: ${refusals.join("; ")}`,
    );
}

import { env, loadConfig } from "@pipeline/common/src/config";
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { type Schema, Type } from "avsc";
import { z } from "zod";
import { type Command, setupFile } from "../command";
import { readDeclaration, uniqueBy } from "../declaration";
import { messageOf, SetupError } from "../errors";
import { type RegisteredSchema, Registry, RegistryError } from "../registry";
import type { Report } from "../report";
import { waitFor } from "../wait";

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

interface Subject {
  name: string;
  /** The schema without white space between its parts. */
  schema: string;
  compatibility: string;
}

interface SubjectState extends Subject {
  isNew: boolean;
  /** The version that is this schema, `null` if there is none yet. */
  registered: RegisteredSchema | null;
  levelChanged: boolean;
  /** Why the registry would refuse the schema; empty when it would not. */
  refusals: string[];
}

/**
 * Registers the schemas. Every subject is checked before the first schema is registered: when one is
 * incompatible, nothing the pipeline reads has changed.
 *
 * @param directory where relative schema files are
 * @throws SetupError with the registry's reasons for each subject it would refuse
 */
export async function setupSchemas(
  registryUrl: string,
  declaration: z.infer<typeof schemasDeclaration>,
  directory: string,
  report: Report,
): Promise<void> {
  const subjects = declaration.subjects.map(({ subject, schemaFile, compatibility }) => ({
    name: subject,
    schema: readSchema(resolve(directory, schemaFile)),
    compatibility,
  }));
  const registry = new Registry(registryUrl);
  await waitFor(`the schema registry at ${registryUrl}`, () => registry.subjects(), {
    report,
    mayPass: (error) => !(error instanceof RegistryError) || error.status >= 500 || error.status === 404,
  });
  const states: SubjectState[] = [];
  for (const subject of subjects) states.push(await prepare(registry, subject));
  refuseIncompatible(states);
  for (const state of states) await register(registry, state, report);
}

function readSchema(path: string): string {
  try {
    const schema = JSON.parse(readFileSync(path, "utf8")) as Schema;
    Type.forSchema(schema);
    return JSON.stringify(schema);
  } catch (error) {
    throw new SetupError(`${path} is not a file with an Avro schema: ${messageOf(error)}`);
  }
}

/** Sets the level, which schemas are checked at, and asks what would become of the schema. */
async function prepare(registry: Registry, subject: Subject): Promise<SubjectState> {
  const { name, schema, compatibility } = subject;
  const isNew = !(await registry.exists(name));
  const registered = isNew ? null : await registry.lookup(name, schema);
  const levelChanged = (await registry.compatibility(name)) !== compatibility;
  if (levelChanged) await explain(name, () => registry.setCompatibility(name, compatibility));
  const check = () => registry.incompatibilities(name, schema);
  const refusals = isNew || registered !== null ? [] : await explain(name, check);
  return { ...subject, isNew, registered, levelChanged, refusals };
}

function refuseIncompatible(states: SubjectState[]): void {
  const refused = states.filter(({ refusals }) => refusals.length > 0);
  if (refused.length === 0) return;
  const reasons = refused.map(
    ({ name, compatibility, refusals }) => `${name} would not be ${compatibility}: ${refusals.join("; ")}`,
  );
  throw new SetupError(`no schema was registered: ${reasons.join(" | ")}`);
}

async function register(registry: Registry, state: SubjectState, report: Report): Promise<void> {
  const { name, schema, compatibility, isNew, levelChanged } = state;
  if (state.registered === null) await explain(name, () => registry.register(name, schema));
  const registered = state.registered ?? (await registry.lookup(name, schema));
  const updated = levelChanged || state.registered === null;
  const outcome = isNew ? "created" : updated ? "updated" : "unchanged";
  report.thing(
    "schema",
    name,
    outcome,
    `version ${registered?.version}, id ${registered?.id}, ${compatibility}`,
  );
}

/** Adds the subject to what the registry says against a schema. */
async function explain<T>(subject: string, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    throw new SetupError(`the schema registry refuses ${subject} (HTTP ${error.status}): ${error.message}`);
  }
}

/** `setup schemas`. */
export const schemas: Command = {
  summary: "Avro schemas and compatibility levels in the schema registry",
  async run(environment, report) {
    const config = loadConfig({ ...setupFile, SCHEMA_REGISTRY_URL: env.httpUrl() }, environment);
    const declaration = readDeclaration(config.SETUP_FILE, schemasDeclaration);
    await setupSchemas(config.SCHEMA_REGISTRY_URL, declaration, dirname(config.SETUP_FILE), report);
  },
};

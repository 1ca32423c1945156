import { env, loadConfig } from "@pipeline/common/config";
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { z } from "zod";
import { type Command, setupFile } from "../command";
import { readDeclaration } from "../declaration";
import { SetupError } from "../errors";
import { Registry, RegistryError } from "../registry";
import type { Report } from "../report";
import {
  inspect,
  refusalsOf,
  schemasDeclaration,
  type Subject,
  subjectsOf,
  type SubjectState,
} from "../subjects";
import { waitFor } from "../wait";

interface PreparedSubject extends SubjectState {
  levelChanged: boolean;
}

/**
 * Registers the schemas. Every subject is checked before the first schema is registered: when one is
 * incompatible, nothing the pipeline reads has changed.
 *
 * @param directory where relative schema files are
 * @throws SetupError with the registry's reasons for each subject it would refuse
 */
async function setupSchemas(
  registryUrl: string,
  declaration: z.infer<typeof schemasDeclaration>,
  directory: string,
  report: Report,
): Promise<void> {
  const subjects = subjectsOf(declaration, (file) => readFileSync(resolve(directory, file), "utf8"));
  const registry = new Registry(registryUrl);
  await waitFor(`the schema registry at ${registryUrl}`, () => registry.subjects(), {
    report,
    mayPass: (error) => !(error instanceof RegistryError) || error.status >= 500 || error.status === 404,
  });
  const prepared: PreparedSubject[] = [];
  for (const subject of subjects) {
    prepared.push(await explain(subject.name, () => prepare(registry, subject)));
  }
  const refusals = refusalsOf(prepared);
  if (refusals.length > 0) throw new SetupError(`no schema was registered: ${refusals.join(" | ")}`);
  for (const subject of prepared) await register(registry, subject, report);
}

/** Sets the level, which schemas are checked at, and asks what would become of the schema. */
async function prepare(registry: Registry, subject: Subject): Promise<PreparedSubject> {
  const { name, compatibility } = subject;
  const levelChanged = (await registry.compatibility(name)) !== compatibility;
  if (levelChanged) await registry.setCompatibility(name, compatibility);
  return { ...(await inspect(registry, subject)), levelChanged };
}

async function register(registry: Registry, subject: PreparedSubject, report: Report): Promise<void> {
  const { name, schema, compatibility, isNew, levelChanged } = subject;
  if (subject.registered === null) await explain(name, () => registry.register(name, schema));
  const registered = subject.registered ?? (await registry.lookup(name, schema));
  const updated = levelChanged || subject.registered === null;
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

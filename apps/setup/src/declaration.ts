import { readFileSync } from "node:fs";
import { z } from "zod";
import { messageOf, SetupError } from "./errors";

/**
 * Reads and validates the declaration file of a command.
 *
 * @throws SetupError with every mistake in the file, one a line
 */
export function readDeclaration<T>(path: string, schema: z.ZodType<T>): T {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new SetupError(`cannot read the declaration file ${path}: ${messageOf(error)}`);
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const mistakes = result.error.issues.map((issue) => `  ${z.core.toDotPath(issue.path)}: ${issue.message}`);
  throw new SetupError(`the declaration file ${path} is not valid:\n${mistakes.join("\n")}`);
}

/** An app's name in a database: also its login role. */
export const roleName = z
  .string()
  .regex(
    /^[a-z][a-z0-9_]{0,47}$/,
    "must be a lower-case letter, then up to 47 lower-case letters, digits or _",
  );

/** Names an item of a list may have only once. */
export function uniqueBy<T>(key: keyof T & string): (items: T[]) => boolean {
  return (items) => new Set(items.map((item) => item[key])).size === items.length;
}

/**
 * Declared roles are made ordinary roles: the superuser among them would lock this job out.
 *
 * @throws SetupError when it is
 */
export function refuseSuperuser(roles: string[], superuser: string): void {
  if (!roles.includes(superuser)) return;
  throw new SetupError(`${superuser} is the superuser this job logs in as: it cannot also be an app's role`);
}

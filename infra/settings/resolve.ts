import { closest } from "fastest-levenshtein";
import { definitions, SettingDefinition, VARIABLE_PREFIX } from "./definitions";
import { clashes, PartialSettings, Settings } from "./schema";

/** Settings that are wrong: every mistake, not the first. */
export class SettingsError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`wrong settings:\n${problems.map((problem) => `  ${problem}`).join("\n")}`);
    this.name = "SettingsError";
  }
}

/** The environment's variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A value as it was given, and where. */
interface Given {
  readonly value: unknown;
  readonly origin: "environment" | "cdktf.json" | "default";
}

/** A setting with the value in force. */
export interface ResolvedSetting {
  readonly definition: SettingDefinition;
  readonly value: string | number;
  readonly origin: Given["origin"];
}

/**
 * Validates settings and fills in defaults. The environment overrides cdktf.json.
 * @param context the `pipeline` object of cdktf.json's context
 * @throws SettingsError with every mistake: the setting, the value given, what is allowed
 */
export function resolveSettings(context: unknown, environment: Environment = {}): Settings {
  const settings = {};
  for (const { definition, value } of resolveEach(context, environment))
    place(settings, definition.path, value);
  return settings as Settings;
}

/**
 * Every setting with the value in force and where it is from.
 * @throws SettingsError like {@link resolveSettings}
 */
export function resolveEach(context: unknown, environment: Environment): ResolvedSetting[] {
  const problems = [...unknownNames(context, []), ...unknownVariables(environment)];
  const resolved: ResolvedSetting[] = [];
  for (const definition of definitions) {
    const { value, origin } = lookUp(definition, context, environment);
    const result = definition.type.safeParse(value);
    if (result.success) resolved.push({ definition, value: result.data, origin });
    else {
      const name = origin === "environment" ? definition.variable : definition.name;
      problems.push(`${name} is ${JSON.stringify(value)}; allowed: ${definition.allowed}`);
    }
  }
  const right: PartialSettings = {};
  for (const { definition, value } of resolved) place(right, definition.path, value);
  problems.push(...clashes(right));
  if (problems.length > 0) throw new SettingsError(problems);
  return resolved;
}

function lookUp({ variable, path }: SettingDefinition, context: unknown, environment: Environment): Given {
  const fromEnvironment = environment[variable];
  if (fromEnvironment !== undefined && fromEnvironment !== "") {
    return { value: fromEnvironment, origin: "environment" };
  }
  const value = path.reduce<unknown>((group, key) => (isGroup(group) ? group[key] : undefined), context);
  return { value, origin: value === undefined ? "default" : "cdktf.json" };
}

/** Names in cdktf.json that no setting has: a misspelt setting must not be a default in silence. */
function unknownNames(given: unknown, parents: readonly string[]): string[] {
  const group = parents.join(".") || "pipeline";
  if (given === undefined) return [];
  if (!isGroup(given)) return [`${group} is ${JSON.stringify(given)}; allowed: an object with settings`];
  return Object.entries(given).flatMap(([key, value]) => {
    const path = [...parents, key];
    const name = path.join(".");
    if (definitions.some((definition) => definition.name === name)) return [];
    if (definitions.some((definition) => definition.name.startsWith(`${name}.`)))
      return unknownNames(value, path);
    return [
      `${name} is no setting; do you mean ${closest(
        name,
        definitions.map((known) => known.name),
      )}?`,
    ];
  });
}

function unknownVariables(environment: Environment): string[] {
  const variables = definitions.map(({ variable }) => variable);
  return Object.keys(environment)
    .filter((name) => name.startsWith(VARIABLE_PREFIX) && !variables.includes(name))
    .map((name) => `${name} is no setting; do you mean ${closest(name, variables)}?`);
}

function isGroup(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Puts a value at a path of nested objects. */
function place(
  target: Record<string, unknown>,
  [key = "", ...rest]: readonly string[],
  value: unknown,
): void {
  if (rest.length === 0) target[key] = value;
  else place((target[key] ??= {}) as Record<string, unknown>, rest, value);
}

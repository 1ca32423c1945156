import { closest } from "fastest-levenshtein";
import { definitions, SettingDefinition, VARIABLE_PREFIX } from "./definitions";
import { type Environment, type Given, isGroup, lookUp } from "./lookup";
import { RETIRED, type RetiredSetting, retiredVariable } from "./retired";
import { clashes, PartialSettings, Settings } from "./schema";

/** Thrown for invalid settings; lists every problem. */
export class SettingsError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`invalid settings:\n${problems.map((problem) => `  ${problem}`).join("\n")}`);
    this.name = "SettingsError";
  }
}

/** A setting with its effective value. */
export interface ResolvedSetting {
  readonly definition: SettingDefinition;
  readonly value: string | number;
  readonly origin: Given["origin"];
}

/**
 * Validates settings and fills in defaults. The environment overrides cdktf.json. Retired settings are ignored.
 * @param context the `pipeline` object of cdktf.json's context
 * @throws SettingsError with every problem: the setting, the value given, the values expected
 */
export function resolveSettings(
  context: unknown,
  environment: Environment = {},
  retired: readonly RetiredSetting[] = RETIRED,
): Settings {
  const settings = {};
  for (const { definition, value } of resolveEach(context, environment, retired))
    place(settings, definition.path, value);
  return settings as Settings;
}

/**
 * Returns every setting with its effective value and the value's origin.
 * @throws SettingsError like {@link resolveSettings}
 */
export function resolveEach(
  context: unknown,
  environment: Environment,
  retired: readonly RetiredSetting[] = RETIRED,
): ResolvedSetting[] {
  const problems = [...unknownNames(context, [], retired), ...unknownVariables(environment, retired)];
  const resolved: ResolvedSetting[] = [];
  for (const definition of definitions) {
    const { value, origin } = lookUp(definition, context, environment);
    const result = definition.type.safeParse(value);
    if (result.success) resolved.push({ definition, value: result.data, origin });
    else {
      const name = origin === "environment" ? definition.variable : definition.name;
      problems.push(`${name}: got ${JSON.stringify(value)}; expected ${definition.allowed}`);
    }
  }
  const right: PartialSettings = {};
  for (const { definition, value } of resolved) place(right, definition.path, value);
  problems.push(...clashes(right));
  if (problems.length > 0) throw new SettingsError(problems);
  return resolved;
}

/** Problems with names in cdktf.json: a misspelt setting must not silently leave the default in force. */
function unknownNames(
  given: unknown,
  parents: readonly string[],
  retired: readonly RetiredSetting[],
): string[] {
  const group = parents.join(".") || "pipeline";
  if (given === undefined) return [];
  if (!isGroup(given)) return [`${group}: got ${JSON.stringify(given)}; expected an object with settings`];
  const known = [...definitions, ...retired].map(({ name }) => name);
  return Object.entries(given).flatMap(([key, value]) => {
    const path = [...parents, key];
    const name = path.join(".");
    if (known.includes(name)) return [];
    if (known.some((other) => other.startsWith(`${name}.`))) return unknownNames(value, path, retired);
    const current = definitions.map((definition) => definition.name);
    return [`unknown setting ${name}; did you mean ${closest(name, current)}?`];
  });
}

function unknownVariables(environment: Environment, retired: readonly RetiredSetting[]): string[] {
  const current = definitions.map(({ variable }) => variable);
  const known = new Set([...current, ...retired.map(retiredVariable)]);
  return Object.keys(environment)
    .filter((name) => name.startsWith(VARIABLE_PREFIX) && !known.has(name))
    .map((name) => `unknown setting ${name}; did you mean ${closest(name, current)}?`);
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

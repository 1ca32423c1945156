/** The environment's variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A value as given, and its origin. */
export interface Given {
  readonly value: unknown;
  readonly origin: "environment" | "cdktf.json" | "default";
}

/** Place of a setting: its path in cdktf.json and its environment variable. */
export interface Place {
  readonly path: readonly string[];
  readonly variable: string;
}

/** Reads what is given for a setting. The environment overrides cdktf.json; an empty variable counts as not set. */
export function lookUp({ path, variable }: Place, context: unknown, environment: Environment): Given {
  const fromEnvironment = environment[variable];
  if (fromEnvironment !== undefined && fromEnvironment !== "") {
    return { value: fromEnvironment, origin: "environment" };
  }
  const value = path.reduce<unknown>((group, key) => (isGroup(group) ? group[key] : undefined), context);
  return { value, origin: value === undefined ? "default" : "cdktf.json" };
}

/** Whether a value is an object of settings. */
export function isGroup(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

import { z } from "zod";
import { schema } from "./schema";
import { SettingText, texts } from "./types";

/** A setting with its texts, its check and its places in cdktf.json and in the environment. */
export interface SettingDefinition extends SettingText {
  /** Path in cdktf.json's context, e.g. `["ports", "kafka"]`. */
  readonly path: readonly string[];
  /** Name in messages and documentation, e.g. `ports.kafka`. */
  readonly name: string;
  /** The environment variable that overrides it, e.g. `PIPELINE_PORTS_KAFKA`. */
  readonly variable: string;
  /** Validates a value; parses `undefined` as the default. */
  readonly type: z.ZodType<string | number>;
}

/** Prefix of the environment variables of all settings. */
export const VARIABLE_PREFIX = "PIPELINE_";

/** Every setting, in the order of the schema. */
export const definitions: readonly SettingDefinition[] = below(schema, []);

function below(group: z.ZodObject, parents: readonly string[]): SettingDefinition[] {
  return Object.entries(group.shape).flatMap(([key, type]) => {
    const path = [...parents, key];
    if (type instanceof z.ZodObject) return below(type, path);
    const text = texts.get(type);
    if (text === undefined) throw new Error(`the setting ${path.join(".")} has no description`);
    return {
      ...text,
      path,
      name: path.join("."),
      variable: variableOf(path),
      type: type as z.ZodType<string | number>,
    };
  });
}

/** The environment variable of the setting at a path. */
export function variableOf(path: readonly string[]): string {
  return VARIABLE_PREFIX + path.map(screamingSnakeCase).join("_");
}

function screamingSnakeCase(camelCase: string): string {
  return camelCase.replaceAll(/[A-Z]/g, "_$&").toUpperCase();
}

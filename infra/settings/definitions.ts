import { z } from "zod";
import { schema } from "./schema";
import { SettingText, texts } from "./types";

/** A setting as it is looked up: where it stands in cdktf.json and in the environment. */
export interface SettingDefinition extends SettingText {
  /** As in cdktf.json's context, e.g. `["ports", "kafka"]`. */
  readonly path: readonly string[];
  /** As people write it, e.g. `ports.kafka`. */
  readonly name: string;
  /** The environment variable that overrides it, e.g. `PIPELINE_PORTS_KAFKA`. */
  readonly variable: string;
  /** Checks a value; gives the default for `undefined`. */
  readonly type: z.ZodType<string | number>;
}

/** What all environment variables of settings begin with. */
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
      variable: VARIABLE_PREFIX + path.map(screamingSnakeCase).join("_"),
      type: type as z.ZodType<string | number>,
    };
  });
}

function screamingSnakeCase(camelCase: string): string {
  return camelCase.replaceAll(/[A-Z]/g, "_$&").toUpperCase();
}

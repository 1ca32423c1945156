import { Value } from "./values";

/** JSON schema of an object without additional fields. */
interface ObjectSchema {
  readonly type: "object";
  readonly additionalProperties: false;
  readonly properties: Record<string, object>;
}

/** Generates values.schema.json; Helm rejects values that violate it. */
export function valuesSchema(values: readonly Value[]): string {
  const schema = { $schema: "http://json-schema.org/draft-07/schema#", ...objectSchema() };
  for (const { path, allowed, description } of values) {
    let group: ObjectSchema = schema;
    for (const name of path.slice(0, -1)) group = (group.properties[name] ??= objectSchema()) as ObjectSchema;
    group.properties[path.at(-1)!] = { description, ...allowed };
  }
  // Helm passes global values to every chart.
  schema.properties["global"] = { type: "object" };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

function objectSchema(): ObjectSchema {
  return { type: "object", additionalProperties: false, properties: {} };
}

import { Value } from "./values";

/** A JSON schema of an object that has these fields and no others. */
interface ObjectSchema {
  readonly type: "object";
  readonly additionalProperties: false;
  readonly properties: Record<string, object>;
}

/** values.schema.json: Helm refuses what does not keep to it. */
export function valuesSchema(values: readonly Value[]): string {
  const schema = { $schema: "http://json-schema.org/draft-07/schema#", ...objectSchema() };
  for (const { path, allowed, description } of values) {
    let group: ObjectSchema = schema;
    for (const name of path.slice(0, -1)) group = (group.properties[name] ??= objectSchema()) as ObjectSchema;
    group.properties[path.at(-1)!] = { description, ...allowed };
  }
  // Helm gives every chart room for these.
  schema.properties["global"] = { type: "object" };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

function objectSchema(): ObjectSchema {
  return { type: "object", additionalProperties: false, properties: {} };
}

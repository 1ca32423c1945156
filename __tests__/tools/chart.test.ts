import { Construct, RootConstruct } from "constructs";
import { parse } from "yaml";
import { chartDefinition, DEFAULTS, partsOf } from "../../tools/chart/definition";
import { generatedFiles, presentFiles } from "../../tools/chart/chart";
import { plain, templateText, text } from "../../tools/chart/expressions";
import { Value, valuesOf } from "../../tools/chart/values";
import { BuiltImage } from "../../infra/workload";
import { pipelineWith } from "../support/kubernetes";

const definition = chartDefinition();
const files = generatedFiles(definition);
const values = valuesOf(partsOf(definition));
const templates = [...files].filter(([path]) => path.startsWith("templates/"));

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean;
  readonly type?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly enum?: readonly unknown[];
}

const schema = JSON.parse(files.get("values.schema.json")!) as Schema;

/** What the schema says of a value. */
function schemaOf({ path }: Value): Schema {
  return path.reduce((group, name) => group.properties![name]!, schema);
}

test("the chart that is committed is that of the code (make chart)", () => {
  expect(Object.fromEntries(presentFiles())).toEqual(Object.fromEntries(files));
});

test("values.yaml has every value, with its default", () => {
  const written = parse(files.get("values.yaml")!) as object;
  for (const { path, default: value } of values) expect(written).toHaveProperty([...path], value);
});

test("the schema has every value and no others, and takes the defaults", () => {
  const leaves = (at: Schema, path: string[] = []): string[] =>
    at.properties === undefined
      ? [path.join(".")]
      : Object.entries(at.properties).flatMap(([name, each]) => leaves(each, [...path, name]));
  expect(leaves(schema).sort()).toEqual([...values.map(({ path }) => path.join(".")), "global"].sort());
  for (const value of values) {
    const { type, pattern, minimum, enum: allowed } = schemaOf(value);
    if (pattern !== undefined) expect(value.default).toMatch(new RegExp(pattern));
    if (minimum !== undefined) expect(value.default).toBeGreaterThanOrEqual(minimum);
    if (allowed !== undefined) expect(allowed).toContain(value.default);
    else expect(type === "integer" ? "number" : type).toBe(typeof value.default);
  }
});

test("every value that templates ask for is there, and every value is asked for", () => {
  const asked = templates
    .map(([, template]) => template)
    .join("")
    .matchAll(
      /index \.Values\.(\w+) `([\w-]+)`|\.Values\.([\w.]+)|pipeline\.(image|password)` \(list \. `([\w-]+)`/g,
    );
  const groups = { image: "images", password: "passwords" };
  const paths = [...asked].map(([, group, name, path, helper, id]) =>
    path !== undefined
      ? path
      : group !== undefined
        ? `${group}.${name}`
        : `${groups[helper as "image"]}.${id}`,
  );
  const known = values.map(({ path }) => path.slice(0, 2).join("."));
  // The registry is for the helper of images.
  expect(new Set([...paths, "image.registry", "replicas.spark-worker"])).toEqual(new Set(known));
});

test("images that the chart runs are those of the pipeline, whatever the number of workers", () => {
  const ids = (pipeline: Construct) =>
    pipeline.node
      .findAll()
      .filter((construct) => construct instanceof BuiltImage)
      .map(({ node, tag }) => `${node.id}:${tag}`);
  expect(ids(definition)).toEqual(ids(pipelineWith(new RootConstruct("root"))));
  expect(DEFAULTS.workers).toBe(1);
});

test("an expression is quoted where it gives text, and not where it gives anything else", () => {
  const object = {
    name: text(".Release.Name"),
    size: `${text("int .Values.size")}Mi`,
    replicas: plain<number>("2"),
  };
  expect(templateText(object)).toBe(
    'name: "{{ .Release.Name }}"\nsize: "{{ int .Values.size }}Mi"\nreplicas: {{ 2 }}\n',
  );
});

test("text that Helm would take for an expression is refused", () => {
  expect(() => templateText({ data: { file: "{{ mustache }}" } })).toThrow(
    "text looks like an expression; got {{ mustache",
  );
});

test("a job is named by the hash of what it is when it is rendered", () => {
  const template = files.get("templates/schemas.yaml")!;
  expect(template).toContain('name: "schemas-{{ include `pipeline.job.schemas` . | sha256sum | trunc 8 }}"');
  expect(template).toContain("spec: {{ include `pipeline.job.schemas` . | nindent 2 }}");
  expect(template.split("{{- end }}")[0]).toContain("checksum/files:");
});

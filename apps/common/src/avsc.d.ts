/** Avro schemas are JSON: esbuild bundles them with `--loader:.avsc=json`, jest with testing/avsc-transform.js. */
declare module "*.avsc" {
  const schema: object & { type: "record"; name: string; fields: { name: string; type: unknown }[] };
  export default schema;
}

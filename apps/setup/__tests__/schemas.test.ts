import { randomUUID } from "node:crypto";
import { testServices } from "@pipeline/common/testing/services";
import { SetupCli } from "./cli";

const { url } = testServices().schemaRegistry;
const users = `setup-test-${randomUUID()}-value`;
const stats = `${users}-2`;

type Field = { name: string; type: string; default?: string };
const id: Field = { name: "id", type: "string" };
const city: Field = { name: "city", type: "string", default: "" };

let cli: SetupCli;
beforeAll(() => {
  cli = new SetupCli();
});
afterAll(async () => {
  for (const subject of [users, stats]) {
    await fetch(`${url}/subjects/${subject}`, { method: "DELETE" });
    await fetch(`${url}/subjects/${subject}?permanent=true`, { method: "DELETE" });
  }
  cli.remove();
});

/** Runs the job with a record of these fields for each subject; the schema files are beside the declaration. */
function setup(fields: Record<string, Field[]>, compatibility = "BACKWARD_TRANSITIVE") {
  const subjects = Object.entries(fields).map(([subject, list]) => {
    const schema = { type: "record", name: "Test", namespace: "setup.test", fields: list };
    cli.file(`${subject}.avsc`, JSON.stringify(schema, null, 2));
    return { subject, schemaFile: `${subject}.avsc`, compatibility };
  });
  return cli.run(["schemas"], { SCHEMA_REGISTRY_URL: `${url}/` }, { subjects });
}

async function versions(subject: string): Promise<unknown> {
  return (await fetch(`${url}/subjects/${subject}/versions`)).json();
}

const outcome = (subject: string, what: string, version: number) =>
  expect.stringMatching(new RegExp(`^schema ${subject} ${what} version ${version}, id \\d+, `)) as string;

// One story: each step finds what the former left.
it("registers first versions and their compatibility level", async () => {
  expect(await setup({ [users]: [id], [stats]: [id] })).toEqual({
    code: 0,
    lines: [outcome(users, "created", 1), outcome(stats, "created", 1)],
    error: "",
  });
  const level = await (await fetch(`${url}/config/${users}`)).json();
  expect(level).toEqual({ compatibilityLevel: "BACKWARD_TRANSITIVE" });
});

it("leaves what is registered", async () => {
  const { lines } = await setup({ [users]: [id], [stats]: [id] });
  expect(lines).toEqual([outcome(users, "unchanged", 1), outcome(stats, "unchanged", 1)]);
});

it("registers a compatible next version", async () => {
  expect((await setup({ [users]: [id, city] })).lines).toEqual([outcome(users, "updated", 2)]);
});

it("keeps a version that is not the newest: an app may be rolled back", async () => {
  expect((await setup({ [users]: [id] })).lines).toEqual([outcome(users, "unchanged", 1)]);
  expect(await versions(users)).toEqual([1, 2]);
});

it("refuses an incompatible schema with the registry's reason, and registers no other either", async () => {
  const required: Field = { name: "country", type: "string" };
  const { code, lines, error } = await setup({ [stats]: [id, city], [users]: [id, city, required] });
  expect([code, lines]).toEqual([1, []]);
  expect(error).toContain(
    `setup schemas: no schema was registered: ${users} would not be BACKWARD_TRANSITIVE with ${users}.avsc: `,
  );
  expect(error).toContain("country");
  expect([await versions(users), await versions(stats)]).toEqual([[1, 2], [1]]);
});

it("refuses what only an older version contradicts: the level is transitive", async () => {
  // Version 2 reads version 1 by the default of its city. Without that default version 2 could still be read, 1 not.
  expect((await setup({ [stats]: [id, city] })).lines).toEqual([outcome(stats, "updated", 2)]);
  const { code, error } = await setup({ [stats]: [id, { name: "city", type: "string" }] });
  expect([code, error]).toEqual([1, expect.stringContaining(`${stats} would not be BACKWARD_TRANSITIVE`)]);
});

it("changes the level when it is declared otherwise", async () => {
  expect((await setup({ [users]: [id, city] }, "FULL")).lines).toEqual([
    expect.stringMatching(/ updated version 2, id \d+, FULL$/),
  ]);
});

it("says which file is no schema, before it asks the registry", async () => {
  const path = cli.file("bad.avsc", `{"type":"record","name":"Bad"}`);
  const subjects = [{ subject: users, schemaFile: path, compatibility: "FULL" }];
  const { code, error } = await cli.run(
    ["schemas"],
    { SCHEMA_REGISTRY_URL: "http://localhost:1" },
    { subjects },
  );
  expect(code).toBe(1);
  expect(error).toMatch(/^setup schemas: .*bad\.avsc is not a file with an Avro schema: /);
});

import { SetupCli } from "./cli";

let cli: SetupCli;
beforeAll(() => {
  cli = new SetupCli();
});
afterAll(() => cli.remove());

it("explains its commands", async () => {
  const { code, lines } = await cli.run(["--help"], {});
  expect(code).toBe(0);
  for (const command of ["topics", "schemas", "staging", "keyspace"]) {
    expect(lines.join("\n")).toContain(`\n ${command} `);
  }
});

it.each([[[]], [["nothing"]], [["topics", "more"]]])("refuses the arguments %j", async (args) => {
  expect(await cli.run(args, {})).toEqual({
    code: 1,
    lines: [],
    error: "setup: the one argument must be one of topics, schemas, staging, keyspace\n",
  });
});

it("names everything that is wrong with the environment", async () => {
  const { code, error } = await cli.run(["staging"], { POSTGRES_PORT: "many", POSTGRES_DB: "pipeline" });
  expect(code).toBe(1);
  for (const name of ["POSTGRES_HOST", "POSTGRES_PORT", "POSTGRES_USER", "POSTGRES_PASSWORD"]) {
    expect(error).toContain(`${name}`);
  }
  expect(error).not.toContain("POSTGRES_DB");
});

it("names everything that is wrong with the declaration file", async () => {
  const topics = [
    { name: "a b", partitions: 0 },
    { name: "ok", partitions: 1, config: { x: null } },
    { extra: 1 },
  ];
  const { code, error } = await cli.run(["topics"], { KAFKA_BOOTSTRAP_SERVERS: "localhost:1" }, { topics });
  expect(code).toBe(1);
  for (const place of ["topics[0].name", "topics[0].partitions", "topics[1].config.x", "topics[2].name"]) {
    expect(error).toContain(`  ${place}: `);
  }
});

it("says which file it cannot read", async () => {
  const missing = { KAFKA_BOOTSTRAP_SERVERS: "localhost:1", SETUP_FILE: "/nowhere/setup.json" };
  expect(await cli.run(["topics"], missing)).toEqual({
    code: 1,
    lines: [],
    error: expect.stringMatching(
      /^setup topics: cannot read the declaration file \/nowhere\/setup.json: .*\n$/,
    ) as string,
  });
});

it("reads passwords before it changes anything", async () => {
  const server = { CASSANDRA_HOST: "localhost", CASSANDRA_USER: "admin", CASSANDRA_PASSWORD: "x" };
  const passwordFile = cli.file("password", "käse\n");
  const roles = [{ name: "sink", access: "write", passwordFile }];
  expect((await cli.run(["keyspace"], server, { roles })).error).toBe(
    `setup keyspace: the password in ${passwordFile} must be one line of printable ASCII characters, and not empty\n`,
  );
});

it("does not make an ordinary role of its superuser", async () => {
  const passwordFile = cli.file("password", "secret");
  const server = { CASSANDRA_HOST: "localhost", CASSANDRA_USER: "admin", CASSANDRA_PASSWORD: "x" };
  const roles = [{ name: "admin", access: "write", passwordFile }];
  expect((await cli.run(["keyspace"], server, { roles })).error).toBe(
    "setup keyspace: admin is the superuser this job logs in as: it cannot also be an app's role\n",
  );
});

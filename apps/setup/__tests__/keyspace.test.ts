import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { promisify } from "node:util";
import { retry } from "@pipeline/common/backoff";
import { testServices } from "@pipeline/common/testing/services";
import type { Client } from "cassandra-driver";
import { open } from "../src/cassandra";
import { SetupCli } from "./cli";

const services = testServices();
const container = `setup-test-${randomUUID()}`;
const run = promisify(execFile);
const docker = async (...args: string[]) => (await run("docker", args)).stdout.trim();

let cli: SetupCli;
let port: number;
beforeAll(async () => {
  cli = new SetupCli();
  // A new server of the kind the tests share: the first contact happens once in a server's life.
  const inspect = (field: string) => docker("inspect", "--format", field, services.containers.cassandra);
  const image = await inspect("{{.Config.Image}}");
  const environment = JSON.parse(await inspect("{{json .Config.Env}}")) as string[];
  const env = environment.flatMap((variable) => ["--env", variable]);
  const options = [
    "--detach",
    "--name",
    container,
    "--label",
    services.label,
    "--publish",
    "127.0.0.1::9042",
  ];
  await docker("run", ...options, ...env, image);
  port = Number((await docker("port", container, "9042")).split(":").at(-1));
  // A busy machine may take longer to start it than the job waits.
  const assertListens = async () =>
    expect(await docker("logs", container)).toContain("listening for CQL clients");
  await retry(assertListens, { maxDelayMs: 1_000 });
});
afterAll(async () => {
  await docker("rm", "--force", "--volumes", container);
  cli.remove();
});

interface Role {
  name: string;
  access: string;
  password?: string;
}
const sink: Role = { name: "sink", access: "write" };
const reader: Role = { name: "reader", access: "read" };

function setup(
  roles: Role[] = [sink, reader],
  options: Record<string, string> = {},
  declaration: { cqlFiles?: string[] } = {},
) {
  return cli.run(
    ["keyspace"],
    {
      CASSANDRA_HOST: "127.0.0.1",
      CASSANDRA_PORT: port,
      CASSANDRA_USER: "admin",
      CASSANDRA_PASSWORD_FILE: cli.file("admin", "admin-pw\n"),
      ...options,
    },
    {
      ...declaration,
      roles: roles.map(({ name, access, password = `${name}-pw` }) => ({
        name,
        access,
        passwordFile: cli.file(name, `${password}\n`),
      })),
    },
  );
}

/** Runs statements as a role. */
async function as(username: string, password: string, ...statements: string[]): Promise<void> {
  const server = { hosts: ["127.0.0.1"], port, datacenter: services.cassandra.datacenter };
  const client: Client = await open(server, { username, password });
  try {
    for (const statement of statements) await client.execute(statement);
  } finally {
    await client.shutdown();
  }
}

const tables = ["created_users", "users_by_country", "signups_per_minute"].map(
  (name) => `spark_streams.${name}`,
);
const outcomes = (what: string) => [
  `keyspace spark_streams ${what}`,
  ...tables.map((table) => `table ${table} ${what}`),
  `role sink ${what} may write`,
  `role reader ${what} may read`,
];
const closed = "the default superuser: may not log in";

// One story: each step finds what the former left.
it("replaces the default superuser of a new server and makes everything", async () => {
  expect(await setup()).toEqual({
    code: 0,
    lines: ["role admin created superuser", `role cassandra updated ${closed}`, ...outcomes("created")],
    error: "",
  });
  await expect(as("cassandra", "cassandra")).rejects.toThrow("not permitted to log in");
});

it("leaves what is as declared", async () => {
  expect(await setup()).toEqual({
    code: 0,
    lines: [`role cassandra unchanged ${closed}`, ...outcomes("unchanged")],
    error: "",
  });
});

it("gives each role what its access says and no more", async () => {
  const write = "INSERT INTO spark_streams.created_users (id) VALUES (uuid())";
  const read = "SELECT COUNT(*) FROM spark_streams.created_users";
  await as("sink", "sink-pw", write, read);
  await as("reader", "reader-pw", read);
  await expect(as("reader", "reader-pw", write)).rejects.toThrow("has no MODIFY permission");
  await expect(as("sink", "sink-pw", "DROP TABLE spark_streams.created_users")).rejects.toThrow(
    "has no DROP permission",
  );
  await expect(as("sink", "sink-pw", "LIST ROLES OF admin")).rejects.toThrow("not authorized");
});

it("makes the tables of other CQL files too", async () => {
  const cqlFiles = [join(__dirname, "../../../examples/orders/orders.cql")];
  const run = () => setup([sink, reader], {}, { cqlFiles });
  expect((await run()).lines).toContain("table spark_streams.orders created");
  expect((await run()).lines).toContain("table spark_streams.orders unchanged");
  await as("sink", "sink-pw", "INSERT INTO spark_streams.orders (user_id, id) VALUES (uuid(), uuid())");
  expect(await setup([], {}, { cqlFiles: ["/nowhere.cql"] })).toMatchObject({
    code: 1,
    error: expect.stringContaining("setup keyspace: cannot read the CQL file /nowhere.cql") as string,
  });
});

it("changes a password and an access", async () => {
  const roles = [
    { ...sink, access: "read", password: 'it\'s "new" \\ $$' },
    { ...reader, access: "write" },
  ];
  const changes = async () => (await setup(roles)).lines.filter((line) => !line.includes("unchanged"));
  expect(await changes()).toEqual(["role sink updated may read", "role reader updated may write"]);
  await as("sink", 'it\'s "new" \\ $$');
  expect(await changes()).toEqual([]);
  // At once again: Cassandra allows that only after some seconds.
  expect((await setup()).lines.slice(-2)).toEqual([
    "role sink updated may write",
    "role reader updated may read",
  ]);
});

it("resumes where a former run ended", async () => {
  await as(
    "admin",
    "admin-pw",
    "ALTER ROLE cassandra WITH PASSWORD = 'cassandra' AND LOGIN = true AND SUPERUSER = true",
    "DROP TABLE spark_streams.signups_per_minute",
    "DROP ROLE reader",
    "REVOKE MODIFY ON KEYSPACE spark_streams FROM sink",
  );
  expect((await setup()).lines.filter((line) => !line.includes("unchanged"))).toEqual([
    `role cassandra updated ${closed}`,
    "table spark_streams.signups_per_minute created",
    "role sink updated may write",
    "role reader created may read",
  ]);
});

it("says so when the server refuses the superuser's password", async () => {
  expect(await setup([], { CASSANDRA_PASSWORD_FILE: cli.file("wrong", "wrong") })).toEqual({
    code: 1,
    lines: [],
    error:
      `setup keyspace: Cassandra at 127.0.0.1:${port} refuses the password of its superuser admin, ` +
      "and has no default superuser cassandra either, with which to make it\n",
  });
});

it("says so when the data center or the keyspace has another name", async () => {
  expect((await setup([], { CASSANDRA_DATACENTER: "dc9" })).error).toBe(
    `setup keyspace: Cassandra at 127.0.0.1:${port}: ` +
      "localDataCenter was configured as 'dc9', but only found hosts in data centers: [dc1]\n",
  );
  expect((await setup([], { CASSANDRA_KEYSPACE: "other" })).error).toBe(
    "setup keyspace: spark_streams.cql makes no keyspace other: set CASSANDRA_KEYSPACE to the one it makes\n",
  );
});

import { randomBytes } from "node:crypto";
import { testServices } from "@pipeline/common/testing/services";
import { Client } from "pg";
import { SetupCli } from "./cli";

const { host, port, users } = testServices().postgres;
// Roles, slots and databases belong to the whole server, which other tests use: names of our own.
const mark = `setup_test_${randomBytes(4).toString("hex")}`;
const [database, extra, slot] = [mark, `${mark}_extra`, `${mark}_slot`];
const [publisher, writer, reader, owner] = [`${mark}_p`, `${mark}_w`, `${mark}_r`, `${mark}_o`];

let cli: SetupCli;
let superuser: Client;
beforeAll(async () => {
  cli = new SetupCli();
  superuser = await connect("postgres", users.postgres, "postgres");
  await superuser.query(`CREATE DATABASE ${database}`);
});
afterAll(async () => {
  await superuser.query(
    "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = $1",
    [slot],
  );
  for (const name of [database, extra]) await superuser.query(`DROP DATABASE IF EXISTS ${name}`);
  for (const name of [publisher, writer, reader, owner]) await superuser.query(`DROP ROLE IF EXISTS ${name}`);
  await superuser.end();
  cli.remove();
});

async function connect(user: string, password: string, to = database): Promise<Client> {
  const client = new Client({ host, port, user, password, database: to });
  await client.connect();
  return client;
}

/** Runs one statement as a role. */
async function as(
  user: string,
  statement: string,
  to = database,
  password = `${user}-pw`,
): Promise<unknown[]> {
  const client = await connect(user, password, to);
  try {
    return (await client.query<object>(statement)).rows;
  } finally {
    await client.end();
  }
}

interface Role {
  name: string;
  access: string;
  password?: string;
}

function setup(options: { roles?: Role[]; slot?: string; password?: string; publication?: string } = {}) {
  const declared: Role[] = options.roles ?? [
    { name: publisher, access: "publish" },
    { name: writer, access: "write" },
    { name: reader, access: "read" },
  ];
  const passwordFile = (name: string, password = `${name}-pw`) => cli.file(name, `${password}\n`);
  return cli.run(
    ["staging"],
    {
      POSTGRES_HOST: host,
      POSTGRES_PORT: port,
      POSTGRES_DB: database,
      POSTGRES_USER: "postgres",
      POSTGRES_PASSWORD_FILE: cli.file("superuser", options.password ?? users.postgres),
    },
    {
      databases: [{ name: extra, owner, passwordFile: passwordFile(owner) }],
      roles: declared.map(({ name, access, password }) => ({
        name,
        access,
        passwordFile: passwordFile(name, password),
      })),
      publication: options.publication ?? "users_created",
      slot: options.slot ?? slot,
    },
  );
}

const outcomes = (what: string, slotOutcome = what) => [
  `schema staging ${what}`,
  `role ${publisher} ${what} may publish`,
  `role ${writer} ${what} may write`,
  `role ${reader} ${what} may read`,
  `role ${owner} ${what}`,
  `database ${extra} ${what} owner ${owner}`,
  `slot ${slot} ${slotOutcome} logical, pgoutput`,
];

// One story: each step finds what the former left.
it("keeps what it created before it failed, and the next run resumes from there", async () => {
  await superuser.query("SELECT pg_create_physical_replication_slot($1)", [slot]);
  const { code, lines, error } = await setup();
  expect([code, lines]).toEqual([1, outcomes("created").slice(0, -1)]);
  expect(error).toContain(`the replication slot ${slot} belongs to `);
  await superuser.query("SELECT pg_drop_replication_slot($1)", [slot]);
  expect(await setup()).toEqual({ code: 0, lines: outcomes("unchanged", "created"), error: "" });
});

it("leaves what is as declared", async () => {
  expect(await setup()).toEqual({ code: 0, lines: outcomes("unchanged"), error: "" });
});

it("gives each role what its access says and no more", async () => {
  const insert =
    "INSERT INTO staging.rejected (key, stage, reason) VALUES (gen_random_uuid(), 'producer', 'test')";
  const stage = "INSERT INTO staging.users (id, raw) VALUES (gen_random_uuid(), '{}')";
  await as(writer, stage);
  await as(writer, insert);
  await as(publisher, insert);
  expect(await as(reader, "SELECT count(*)::int FROM staging.users")).toEqual([{ count: 1 }]);
  await expect(as(publisher, stage)).rejects.toThrow("permission denied");
  await expect(as(reader, insert)).rejects.toThrow("permission denied");
  await expect(as(publisher, "DELETE FROM staging.users")).rejects.toThrow("permission denied");
  await expect(as(publisher, "DELETE FROM staging.rejected")).rejects.toThrow("permission denied");
  await as(writer, "DELETE FROM staging.users");
  await as(writer, "DELETE FROM staging.rejected");
  await expect(as(writer, "TRUNCATE staging.users")).rejects.toThrow("permission denied");

  const mySlot = `pg_create_logical_replication_slot('${mark}_temporary', 'pgoutput', true)`;
  expect(await as(publisher, `SELECT slot_name FROM ${mySlot}`)).toHaveLength(1);
  await expect(as(writer, `SELECT ${mySlot}`)).rejects.toThrow("permission denied");
});

it("leaves a slot that is missing to the producer where users are staged, who would otherwise never be published", async () => {
  await superuser.query("SELECT pg_drop_replication_slot($1)", [slot]);
  await as(writer, "INSERT INTO staging.users (id, raw) VALUES (gen_random_uuid(), '{}')");
  const { code, lines } = await setup();
  expect([code, lines.at(-1)]).toEqual([0, `slot ${slot} unchanged missing: the producer recreates it`]);
  await as(writer, "DELETE FROM staging.users");
  expect((await setup()).lines.at(-1)).toBe(`slot ${slot} created logical, pgoutput`);
});

it("closes each database to those who have no business there", async () => {
  await as(owner, "CREATE TABLE mine ()", extra);
  await expect(as(owner, "SELECT 1")).rejects.toThrow("permission denied for database");
  await expect(as(writer, "SELECT 1", extra)).rejects.toThrow("permission denied for database");
});

it("stores passwords as SCRAM verifiers", async () => {
  const { rows } = await superuser.query<{ rolpassword: string }>(
    "SELECT rolpassword FROM pg_authid WHERE rolname = $1",
    [writer],
  );
  expect(rows[0]?.rolpassword).toMatch(/^SCRAM-SHA-256\$/);
});

it("changes a password and an access", async () => {
  const roles = [
    { name: publisher, access: "read" },
    { name: writer, access: "write", password: 'it\'s "new" \\ $$' },
    { name: reader, access: "read" },
  ];
  const { code, lines } = await setup({ roles });
  expect([code, lines.filter((line) => !line.includes("unchanged"))]).toEqual([
    0,
    [`role ${publisher} updated may read`, `role ${writer} updated may write`],
  ]);
  await expect(as(writer, "SELECT 1")).rejects.toThrow("password authentication failed");
  await as(writer, "SELECT 1", database, 'it\'s "new" \\ $$');
  const attributes = `SELECT rolreplication, pg_has_role('staging_publisher', 'member') AS publishes
                      FROM pg_roles WHERE rolname = current_user`;
  expect(await as(publisher, attributes)).toEqual([{ rolreplication: false, publishes: false }]);
});

it("gives a table of before the column to publish rows again, which makes a version and is not published", async () => {
  const client = await connect("postgres", users.postgres);
  await client.query("ALTER TABLE staging.users DROP COLUMN republished_at");
  await client.query("INSERT INTO staging.users (id, raw) VALUES (gen_random_uuid(), '{}')");
  expect((await setup({ roles: [] })).lines).toContain("schema staging updated");
  const { rows } = await client.query(
    `UPDATE staging.users AS new SET republished_at = clock_timestamp() FROM staging.users AS old
     WHERE new.id = old.id RETURNING new.version > old.version AND new.updated_at > old.updated_at AS newer`,
  );
  const published = await client.query(
    "SELECT FROM pg_publication_tables WHERE 'republished_at' = ANY(attnames)",
  );
  await client.end();
  expect([rows, published.rowCount]).toEqual([[{ newer: true }], 0]);
});

it("repairs what was changed by hand", async () => {
  const client = await connect("postgres", users.postgres);
  await client.query("DROP TRIGGER set_version ON staging.users; DROP TABLE staging.rejected");
  await client.end();
  const { lines } = await setup({ roles: [] });
  expect(lines).toContain("schema staging updated");
  expect((await setup({ roles: [] })).lines).toContain("schema staging unchanged");
});

it("says so when the server refuses the password", async () => {
  expect(await setup({ password: "wrong" })).toEqual({
    code: 1,
    lines: [],
    error:
      `setup staging: PostgreSQL at ${host}:${port} refuses user postgres in database ${database}: ` +
      'password authentication failed for user "postgres"\n',
  });
});

it("says so when the declaration names a publication that does not exist", async () => {
  expect((await setup({ publication: "other" })).error).toBe(
    "setup staging: staging.sql makes no publication other: declare the one it makes\n",
  );
});

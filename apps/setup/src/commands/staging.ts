import { env, loadConfig } from "@pipeline/common/config";
import { type Client, DatabaseError, escapeIdentifier, escapeLiteral } from "pg";
import { z } from "zod";
import { readAsset } from "../../assets";
import { type Command, setupFile } from "../command";
import { readDeclaration, refuseSuperuser, roleName, uniqueBy } from "../declaration";
import { SetupError } from "../errors";
import { readPassword } from "../passwords";
import { connect, firstRow, type PostgresServer } from "../postgres";
import { outcomeOf, type Report } from "../report";
import { matchesVerifier, scramVerifier } from "../scram";

/** What an app may do in the staging schema; the privileges themselves belong to these groups (staging.sql). */
const GROUPS = { write: "staging_writer", publish: "staging_publisher", read: "staging_reader" } as const;

type Access = keyof typeof GROUPS;

/** The declaration file of `setup staging`. */
const stagingDeclaration = z
  .strictObject({
    /** Further databases on the server, each with an owner who is a login role of its own. */
    databases: z
      .array(z.strictObject({ name: roleName, owner: roleName, passwordFile: z.string().min(1) }))
      .refine(uniqueBy("name"), "names a database twice")
      .default([]),
    /** The apps that use the staging schema. */
    roles: z.array(
      z.strictObject({
        name: roleName,
        access: z.enum(["write", "publish", "read"]),
        passwordFile: z.string().min(1),
      }),
    ),
    /** The publication that staging.sql makes. */
    publication: z.string().min(1),
    /** The logical replication slot. */
    slot: z.string().regex(/^[a-z0-9_]{1,63}$/, "must be 1 to 63 lower-case letters, digits or _"),
  })
  .refine(({ databases, roles }) => {
    const names = [...roles.map(({ name }) => name), ...databases.map(({ owner }) => owner)];
    return new Set(names).size === names.length;
  }, "a login role is declared twice, among roles and the owners of databases");

interface LoginRole {
  name: string;
  password: string;
  /** What it may do in the staging schema; nothing when it only owns another database. */
  access?: Access;
}

/**
 * Makes the staging schema, the apps' login roles, further databases and the replication slot. What is already
 * as declared stays untouched; a run that ended half-way is continued by the next.
 */
async function setupStaging(
  server: PostgresServer,
  { databases, roles, publication, slot }: z.infer<typeof stagingDeclaration>,
  report: Report,
): Promise<void> {
  const wanted: LoginRole[] = [
    ...roles,
    ...databases.map(({ owner, passwordFile }) => ({ name: owner, passwordFile })),
  ]
    // All of them before anything is changed: a file may be missing.
    .map(({ passwordFile, ...role }) => ({ ...role, password: readPassword(passwordFile) }));
  refuseSuperuser(
    wanted.map(({ name }) => name),
    server.user,
  );
  const client = await connect(server, report);
  try {
    await applySchema(client, report);
    await assertPublication(client, publication);
    for (const role of wanted) await applyRole(client, role, report);
    for (const { name, owner } of databases) await applyDatabase(client, name, owner, report);
    // After the publication: a slot that was made before it cannot decode for it.
    await applySlot(client, slot, server.database, report);
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    throw new SetupError(`PostgreSQL refuses: ${[error.message, error.detail].filter(Boolean).join(": ")}`);
  } finally {
    await client.end();
  }
}

async function applySchema(client: Client, report: Report): Promise<void> {
  const fingerprint = async () =>
    (await firstRow<{ fingerprint: string | null }>(client, readAsset("sql/fingerprint.sql")))?.fingerprint;
  const before = await fingerprint();
  await client.query(readAsset("sql/staging.sql"));
  report.thing("schema", "staging", outcomeOf(before, await fingerprint()));
}

async function assertPublication(client: Client, publication: string): Promise<void> {
  if (await firstRow(client, "SELECT FROM pg_publication WHERE pubname = $1", [publication])) return;
  throw new SetupError(`staging.sql makes no publication ${publication}: declare the one it makes`);
}

async function applyRole(client: Client, role: LoginRole, report: Report): Promise<void> {
  const name = escapeIdentifier(role.name);
  const before = await readRole(client, role.name);
  if (before === null) await client.query(`CREATE ROLE ${name}`);
  const replication = role.access === "publish" ? "REPLICATION" : "NOREPLICATION";
  await client.query(
    `ALTER ROLE ${name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS ${replication}`,
  );
  if (!matchesVerifier(role.password, before?.rolpassword ?? null)) {
    await client.query(`ALTER ROLE ${name} PASSWORD ${escapeLiteral(scramVerifier(role.password))}`);
  }
  for (const [access, group] of Object.entries(GROUPS)) {
    const change = access === role.access ? `GRANT ${group} TO` : `REVOKE ${group} FROM`;
    await client.query(`${change} ${name}`);
  }
  const detail = role.access ? `may ${role.access}` : "";
  report.thing("role", role.name, outcomeOf(before, await readRole(client, role.name)), detail);
}

/** Everything {@link applyRole} sets, `null` without the role. */
function readRole(client: Client, name: string): Promise<{ rolpassword: string | null } | null> {
  return firstRow(
    client,
    `SELECT rolcanlogin, rolsuper, rolcreatedb, rolcreaterole, rolbypassrls, rolreplication, rolpassword,
            ARRAY(SELECT roleid::regrole::text FROM pg_auth_members WHERE member = pg_authid.oid ORDER BY 1) AS groups
     FROM pg_authid WHERE rolname = $1`,
    [name],
  );
}

/** A database to which only its owner may connect. */
async function applyDatabase(client: Client, name: string, owner: string, report: Report): Promise<void> {
  const quoted = escapeIdentifier(name);
  const before = await readDatabase(client, name);
  if (before === null) await client.query(`CREATE DATABASE ${quoted}`);
  await client.query(`ALTER DATABASE ${quoted} OWNER TO ${escapeIdentifier(owner)}`);
  await client.query(`REVOKE ALL ON DATABASE ${quoted} FROM PUBLIC`);
  report.thing("database", name, outcomeOf(before, await readDatabase(client, name)), `owner ${owner}`);
}

function readDatabase(client: Client, name: string): Promise<object | null> {
  return firstRow(client, "SELECT datdba, datacl::text FROM pg_database WHERE datname = $1", [name]);
}

/**
 * Makes the slot, from which on every change of the publication's tables is kept for the producer. Where users are staged
 * already, a new slot would leave them out: then the producer makes it, and publishes the whole table.
 */
async function applySlot(client: Client, slot: string, database: string, report: Report): Promise<void> {
  type Slot = { plugin: string; database: string; wal_status: string };
  const query = "SELECT plugin, database, wal_status FROM pg_replication_slots WHERE slot_name = $1";
  const before = await firstRow<Slot>(client, query, [slot]);
  if (before === null) {
    if (await firstRow(client, "SELECT FROM staging.users LIMIT 1")) {
      return report.thing("slot", slot, "unchanged", "missing: the producer recreates it");
    }
    await client.query("SELECT pg_create_logical_replication_slot($1, 'pgoutput')", [slot]);
  } else if (before.plugin !== "pgoutput" || before.database !== database) {
    throw new SetupError(
      `the replication slot ${slot} belongs to plugin ${before.plugin} in database ${before.database}: ` +
        "drop it or declare another name",
    );
  }
  const detail = before?.wal_status === "lost" ? "lost: the producer recreates it" : "logical, pgoutput";
  report.thing("slot", slot, before === null ? "created" : "unchanged", detail);
}

/** `setup staging`. */
export const staging: Command = {
  summary: "PostgreSQL: staging schema, roles, databases, replication slot",
  async run(environment, report) {
    const config = loadConfig(
      {
        ...setupFile,
        POSTGRES_HOST: env.host(),
        POSTGRES_PORT: env.port().default(5432),
        POSTGRES_DB: env.name(),
        POSTGRES_USER: env.name(),
        POSTGRES_PASSWORD: env.secret(),
      },
      environment,
    );
    const declaration = readDeclaration(config.SETUP_FILE, stagingDeclaration);
    const server = {
      host: config.POSTGRES_HOST,
      port: config.POSTGRES_PORT,
      database: config.POSTGRES_DB,
      user: config.POSTGRES_USER,
      password: config.POSTGRES_PASSWORD,
    };
    await setupStaging(server, declaration, report);
  },
};

import { readFileSync } from "node:fs";
import { env, loadConfig } from "@pipeline/common/config";
import { type Client, errors } from "cassandra-driver";
import { z } from "zod";
import { readAsset } from "../../assets";
import {
  type CassandraServer,
  type Credentials,
  isMisconfigured,
  isRefusal,
  open,
  reasonsOf,
} from "../cassandra";
import { type Command, setupFile } from "../command";
import { quoteName, quoteText, splitStatements, subjectOf } from "../cql";
import { readDeclaration, refuseSuperuser, roleName, uniqueBy } from "../declaration";
import { messageOf, SetupError } from "../errors";
import { readPassword } from "../passwords";
import type { Report } from "../report";
import { waitFor } from "../wait";

/** Permissions on the keyspace by what an app may do in it. */
const PERMISSIONS = { write: ["MODIFY", "SELECT"], read: ["SELECT"] } as const;

/** The superuser every new Cassandra has, known to everybody. */
const DEFAULT_SUPERUSER: Credentials = { username: "cassandra", password: "cassandra" };

/** A new server makes its default superuser some seconds after it answers: so long a refusal may pass. */
const REFUSAL_PASSES_MS = 30_000;

/** The declaration file of `setup keyspace`: the apps that use the keyspace, and CQL files with more tables. */
const keyspaceDeclaration = z.strictObject({
  cqlFiles: z.array(z.string().min(1)).default([]),
  roles: z
    .array(
      z.strictObject({ name: roleName, access: z.enum(["write", "read"]), passwordFile: z.string().min(1) }),
    )
    .refine(uniqueBy("name"), "names a role twice"),
});

interface AppRole extends Credentials {
  access: keyof typeof PERMISSIONS;
}

/**
 * Replaces the default superuser by the admin, makes the keyspace's tables and the apps' login roles. What is
 * already as declared stays untouched; a run that ended half-way is continued by the next.
 *
 * @param admin the superuser to be made, or made before
 * @param keyspace the keyspace that spark_streams.cql makes
 */
async function setupKeyspace(
  server: CassandraServer,
  admin: Credentials,
  keyspace: string,
  declaration: z.infer<typeof keyspaceDeclaration>,
  report: Report,
): Promise<void> {
  // All of them before anything is changed: a file may be missing.
  const statements = [readAsset("cql/spark_streams.cql"), ...declaration.cqlFiles.map(readCql)].flatMap(
    splitStatements,
  );
  const roles = declaration.roles.map(({ name, access, passwordFile }) => ({
    username: name,
    access,
    password: readPassword(passwordFile),
  }));
  refuseSuperuser(
    roles.map(({ username }) => username),
    admin.username,
  );
  const client = await connectAsAdmin(server, admin, report);
  try {
    await disableDefaultSuperuser(client, report);
    await applyTables(client, keyspace, statements, report);
    for (const role of roles) await applyRole(client, server, keyspace, role, report);
    // The server caches roles for some seconds, so the job waits until it refuses the well-known password.
    const assertClosed = async () => {
      if (await canLogIn(server, DEFAULT_SUPERUSER)) throw new Error("its password is still accepted");
    };
    await waitFor(`${DEFAULT_SUPERUSER.username} to be refused`, assertClosed, { report });
  } catch (error) {
    if (!(error instanceof errors.ResponseError)) throw error;
    throw new SetupError(`Cassandra refuses: ${error.message}`);
  } finally {
    await client.shutdown();
  }
}

async function connectAsAdmin(server: CassandraServer, admin: Credentials, report: Report): Promise<Client> {
  const address = `${server.hosts.join(",")}:${server.port}`;
  let refusedSince: number | undefined;
  const mayPass = (error: unknown): boolean => {
    if (isMisconfigured(error)) return false;
    if (!isRefusal(error)) return true;
    refusedSince ??= Date.now();
    // A default superuser that is there but may not log in is one that this job has replaced.
    return (
      !reasonsOf(error).includes("not permitted to log in") && Date.now() - refusedSince < REFUSAL_PASSES_MS
    );
  };
  try {
    const attempt = () => openAsAdmin(server, admin, report);
    return await waitFor(`Cassandra at ${address}`, attempt, { report, mayPass, reasonOf: reasonsOf });
  } catch (error) {
    if (isRefusal(error)) {
      throw new SetupError(
        `Cassandra at ${address} refuses the password of its superuser ${admin.username}, ` +
          `and has no default superuser ${DEFAULT_SUPERUSER.username} either, with which to make it`,
      );
    }
    if (isMisconfigured(error)) throw new SetupError(`Cassandra at ${address}: ${reasonsOf(error)}`);
    throw error;
  }
}

async function openAsAdmin(server: CassandraServer, admin: Credentials, report: Report): Promise<Client> {
  try {
    return await open(server, admin);
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
  const client = await open(server, DEFAULT_SUPERUSER);
  try {
    const before = await readRole(client, admin.username);
    await setLogin(client, admin, { exists: before !== null, superuser: true }, report);
    report.thing("role", admin.username, before === null ? "created" : "updated", "superuser");
  } finally {
    await client.shutdown();
  }
  return open(server, admin);
}

async function disableDefaultSuperuser(client: Client, report: Report): Promise<void> {
  const { username } = DEFAULT_SUPERUSER;
  const before = await readRole(client, username);
  if (before === null) return;
  const enabled = before.can_login || before.is_superuser;
  if (enabled) await client.execute(`ALTER ROLE ${username} WITH SUPERUSER = false AND LOGIN = false`);
  report.thing("role", username, enabled ? "updated" : "unchanged", "the default superuser: may not log in");
}

async function applyTables(
  client: Client,
  keyspace: string,
  statements: readonly string[],
  report: Report,
): Promise<void> {
  for (const statement of statements) {
    const before = await schemaVersion(client);
    // The driver's types leave this out.
    const info = (await client.execute(statement)).info as { isSchemaInAgreement?: boolean };
    const { kind, name } = subjectOf(statement);
    if (info.isSchemaInAgreement === false) {
      throw new SetupError(
        `the Cassandra nodes do not agree on the schema yet after ${kind} ${name}: run this again`,
      );
    }
    const changed = (await schemaVersion(client)) !== before;
    report.thing(kind, name, !changed ? "unchanged" : /^CREATE/i.test(statement) ? "created" : "updated");
  }
  const query = "SELECT keyspace_name FROM system_schema.keyspaces WHERE keyspace_name = ?";
  if ((await client.execute(query, [keyspace])).first() === null) {
    throw new SetupError(
      `spark_streams.cql makes no keyspace ${keyspace}: set CASSANDRA_KEYSPACE to the one it makes`,
    );
  }
}

function readCql(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new SetupError(`cannot read the CQL file ${path}: ${messageOf(error)}`);
  }
}

/** A digest of the whole schema. */
async function schemaVersion(client: Client): Promise<string> {
  return String((await client.execute("SELECT schema_version FROM system.local")).first()["schema_version"]);
}

async function applyRole(
  client: Client,
  server: CassandraServer,
  keyspace: string,
  role: AppRole,
  report: Report,
): Promise<void> {
  const before = await readRole(client, role.username);
  const name = quoteName(role.username);
  const loginChanged = before === null || before.is_superuser || !(await canLogIn(server, role));
  if (loginChanged) await setLogin(client, role, { exists: before !== null, superuser: false }, report);
  let changed = loginChanged;
  const wanted: readonly string[] = PERMISSIONS[role.access];
  const present = await readPermissions(client, role.username, keyspace);
  for (const permission of wanted.filter((each) => !present.includes(each))) {
    await client.execute(`GRANT ${permission} ON KEYSPACE ${quoteName(keyspace)} TO ${name}`);
    changed = true;
  }
  for (const permission of present.filter((each) => !wanted.includes(each))) {
    await client.execute(`REVOKE ${permission} ON KEYSPACE ${quoteName(keyspace)} FROM ${name}`);
    changed = true;
  }
  if (loginChanged) {
    // The server may still know the former password for some seconds; the app is started next.
    await waitFor(`role ${role.username} to be able to log in`, () => assertLogin(server, role), { report });
  }
  const outcome = before === null ? "created" : changed ? "updated" : "unchanged";
  report.thing("role", role.username, outcome, `may ${role.access}`);
}

/** Creates or changes a login role. */
async function setLogin(
  client: Client,
  { username, password }: Credentials,
  { exists, superuser }: { exists: boolean; superuser: boolean },
  report: Report,
): Promise<void> {
  const options = `WITH PASSWORD = ${quoteText(password)} AND LOGIN = true AND SUPERUSER = ${superuser}`;
  const statement = `${exists ? "ALTER" : "CREATE"} ROLE ${quoteName(username)} ${options}`;
  // Cassandra allows a role's password to be changed once in some seconds: a job run again soon has to wait.
  await waitFor(`leave to change the password of ${username}`, () => client.execute(statement), {
    report,
    mayPass: (error) => messageOf(error).includes("can only be changed every"),
  });
}

/** The stored password is a salted hash: whether it is still the declared one shows only in a login. */
async function canLogIn(server: CassandraServer, role: Credentials): Promise<boolean> {
  try {
    await (await open(server, role)).shutdown();
    return true;
  } catch (error) {
    if (isRefusal(error)) return false;
    throw error;
  }
}

async function assertLogin(server: CassandraServer, role: AppRole): Promise<void> {
  if (!(await canLogIn(server, role))) throw new Error("its password is not accepted yet");
}

async function readRole(
  client: Client,
  name: string,
): Promise<{ can_login: boolean; is_superuser: boolean } | null> {
  const query = "SELECT can_login, is_superuser FROM system_auth.roles WHERE role = ?";
  const row = (await client.execute(query, [name])).first();
  return row && { can_login: Boolean(row["can_login"]), is_superuser: Boolean(row["is_superuser"]) };
}

async function readPermissions(client: Client, role: string, keyspace: string): Promise<string[]> {
  const query = "SELECT permissions FROM system_auth.role_permissions WHERE role = ? AND resource = ?";
  const row = (await client.execute(query, [role, `data/${keyspace}`])).first();
  return (row?.["permissions"] as string[] | undefined) ?? [];
}

/** `setup keyspace`. */
export const keyspace: Command = {
  summary: "Cassandra: superuser, keyspace, tables, roles",
  async run(environment, report) {
    const config = loadConfig(
      {
        ...setupFile,
        CASSANDRA_HOST: env.hosts(),
        CASSANDRA_PORT: env.port().default(9042),
        CASSANDRA_DATACENTER: env.name().default("dc1"),
        CASSANDRA_KEYSPACE: env.name().default("spark_streams"),
        CASSANDRA_USER: env.name(),
        CASSANDRA_PASSWORD: env.secret(),
      },
      environment,
    );
    const declaration = readDeclaration(config.SETUP_FILE, keyspaceDeclaration);
    const server = {
      hosts: config.CASSANDRA_HOST,
      port: config.CASSANDRA_PORT,
      datacenter: config.CASSANDRA_DATACENTER,
    };
    const admin = { username: config.CASSANDRA_USER, password: config.CASSANDRA_PASSWORD };
    await setupKeyspace(server, admin, config.CASSANDRA_KEYSPACE, declaration, report);
  },
};

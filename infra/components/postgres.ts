import { Construct } from "constructs";
import { Grantee, Image, Job, Probe, roleOf, Secret, Volume, Workload } from "../workload";
import { SetupJob } from "./setup-job";

/** Properties of {@link Postgres}. */
export interface PostgresProps {
  /** An image with the contract of the official postgres:17. */
  readonly image: Image;
  /** The image of apps/setup, which makes databases, roles, tables and the replication slot. */
  readonly setupImage: Image;
  /** The host's port. */
  readonly publishedPort: number;
  /** MiB the container may use. */
  readonly memory: number;
}

/** How to log in to a database. */
export interface DatabaseLogin {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: Secret;
}

/** The database that holds the staging schema. */
const DATABASE = "pipeline";
const SUPERUSER = "postgres";
/** The data lies in a folder below, which the server's user owns. The volume's own folder may have another owner. */
const VOLUME = "/var/lib/postgresql/data";
const PGDATA = `${VOLUME}/pgdata`;
/** The first version of this project had the data in the volume itself: a pipeline of that time keeps it there. */
const START = [
  `if [ -f ${VOLUME}/PG_VERSION ] && [ ! -d ${PGDATA} ]; then export PGDATA=${VOLUME}; fi`,
  'exec docker-entrypoint.sh postgres "$@"',
].join("; ");
/** One publication and one slot of the same name: what the producer follows. */
const USERS_CREATED = "users_created";

/** What a staging role may do: stage rows, publish them (logical replication), or look at them. */
export type StagingAccess = "write" | "publish" | "read";

/** A PostgreSQL server with the staging schema, and the job that makes its databases, roles, tables and slot. Its id is its host name. */
export class Postgres extends Construct {
  readonly workload: Workload;
  readonly setup: SetupJob;
  /** The superuser's password. */
  readonly superuserPassword: Secret;
  /** A role for people: may look at what is staged. */
  readonly reader: DatabaseLogin;
  private readonly databases: { name: string; owner: string; passwordFile: string }[] = [];
  private readonly roles: { name: string; access: StagingAccess; passwordFile: string }[] = [];

  constructor(scope: Construct, id: string, props: PostgresProps) {
    super(scope, id);
    this.superuserPassword = new Secret(this, `${id}-password`);
    this.workload = new Workload(this, id, {
      image: props.image,
      user: { uid: 999, gid: 999 },
      memory: props.memory,
      command: [
        ...["bash", "-c", START, "start"],
        ...["-c", "wal_level=logical"],
        // What a producer that is away may hold back. Airflow writes about 1 MB of log a minute into the same server.
        ...["-c", "max_slot_wal_keep_size=4GB"],
        ...["-c", "shared_buffers=64MB"],
      ],
      ports: [{ name: "postgres", number: 5432, published: props.publishedPort }],
      env: { POSTGRES_DB: DATABASE, POSTGRES_USER: SUPERUSER, PGDATA },
      // Over TCP: during the first start a server listens on the socket only.
      probe: Probe.exec(["pg_isready", "-q", "-h", "127.0.0.1", "-U", SUPERUSER, "-d", DATABASE]),
      stopGracePeriod: 90,
    });
    this.workload.mount(new Volume(this, `${id}-data`), VOLUME);
    this.workload.addEnv({
      POSTGRES_PASSWORD_FILE: this.workload.addSecretFile("postgres-password", this.superuserPassword),
    });

    this.setup = new SetupJob(this, `${id}-setup`, {
      image: props.setupImage,
      command: "staging",
      env: this.loginEnv(DATABASE, SUPERUSER),
      declaration: () => ({
        databases: this.databases,
        roles: this.roles,
        publication: USERS_CREATED,
        slot: USERS_CREATED,
      }),
    });
    this.setup.addEnv({
      POSTGRES_PASSWORD_FILE: this.setup.addSecretFile("postgres-password", this.superuserPassword),
    });
    this.setup.connectTo(this.workload, "postgres");
    this.reader = this.addStagingRole("reader", "read");
  }

  /** Makes a database of its own for an app, and a role that owns it. */
  addDatabase(name: string): DatabaseLogin {
    const owner = `${name}_owner`;
    const { password, passwordFile } = this.addPassword(owner);
    this.databases.push({ name, owner, passwordFile });
    return this.login(name, owner, password);
  }

  /** Makes a login role with access to the staging schema. Apps get theirs by the grant methods. */
  addStagingRole(name: string, access: StagingAccess): DatabaseLogin {
    const { password, passwordFile } = this.addPassword(name);
    this.roles.push({ name, access, passwordFile });
    return this.login(DATABASE, name, password);
  }

  /** Lets an app stage users. */
  grantStage(grantee: Grantee): DatabaseLogin {
    return this.grant(grantee, "write");
  }

  /** Lets an app follow the replication slot, to publish what is staged. */
  grantPublish(grantee: Grantee): DatabaseLogin {
    const login = this.grant(grantee, "publish");
    for (const client of grantee.workloads) client.addEnv({ POSTGRES_PUBLICATION: USERS_CREATED });
    return login;
  }

  /** Lets a container reach the server; it starts when databases, roles and tables are there. */
  addClient(client: Workload | Job): void {
    client.connectTo(this.workload, "postgres");
    client.node.addDependency(this.setup);
  }

  private grant(grantee: Grantee, access: StagingAccess): DatabaseLogin {
    const login = this.addStagingRole(roleOf(grantee), access);
    for (const client of grantee.workloads) {
      client.addEnv({ ...this.loginEnv(login.database, login.user), POSTGRES_SLOT: USERS_CREATED });
      client.addEnv({ POSTGRES_PASSWORD_FILE: client.addSecretFile("postgres-password", login.password) });
      this.addClient(client);
    }
    return login;
  }

  private addPassword(role: string): { password: Secret; passwordFile: string } {
    const password = new Secret(this, `${this.node.id}-${role}-password`);
    return { password, passwordFile: this.setup.addSecretFile(`${role}-password`, password) };
  }

  private login(database: string, user: string, password: Secret): DatabaseLogin {
    return {
      host: this.workload.name,
      port: this.workload.port("postgres").number,
      database,
      user,
      password,
    };
  }

  private loginEnv(database: string, user: string): Record<string, string> {
    return {
      POSTGRES_HOST: this.workload.name,
      POSTGRES_PORT: String(this.workload.port("postgres").number),
      POSTGRES_DB: database,
      POSTGRES_USER: user,
    };
  }
}

import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { Construct } from "constructs";
import { Grantee, Image, Probe, roleOf, Secret, secretText, Volume, Workload } from "../workload";
import { SetupJob } from "./setup-job";

/** Properties of {@link Cassandra}. */
export interface CassandraProps {
  /** An image with the contract of the official cassandra:5.0. */
  readonly image: Image;
  /** The image of apps/setup, which makes the keyspace, its tables and the roles. */
  readonly setupImage: Image;
  /** The host's port for CQL. */
  readonly publishedPort: number;
  /** MiB the container may use: the heap, and about a gigabyte for what lies outside it. */
  readonly memory: number;
  /** MiB of Java heap. */
  readonly heap: number;
}

const KEYSPACE = "spark_streams";
const DATACENTER = "dc1";
const ADMIN = "admin";
const READER = "reader";
/** Where cqlsh looks for its configuration: it wants credentials that belong to its user and that no other can read. */
const HOME = "/tmp";
const START = [
  "install -D -m 600 /run/secrets/cqlsh-credentials ~/.cassandra/credentials",
  "install -D -m 600 /etc/pipeline/cqlshrc ~/.cassandra/cqlshrc",
  "exec docker-entrypoint.sh cassandra -f",
].join(" && ");
/** An OPTIONS frame of protocol version 4, which needs no login, and the version byte of the answer. */
const OPTIONS_FRAME = Buffer.from("040000000500000000", "hex");

/** What a role may do with the keyspace. */
export type KeyspaceAccess = "write" | "read";

/** How to log in to the keyspace. */
export interface KeyspaceLogin {
  readonly user: string;
  readonly password: Secret;
}

/** A Cassandra node with the keyspace `spark_streams`, and the job that makes its tables and roles. Its id is its host name. */
export class Cassandra extends Construct {
  readonly workload: Workload;
  readonly setup: SetupJob;
  readonly adminPassword: Secret;
  /** The read-only role that cqlsh in the container uses. */
  readonly reader: KeyspaceLogin;
  private readonly cqlFiles: string[] = [];
  private readonly roles: { name: string; access: KeyspaceAccess; passwordFile: string }[] = [];

  constructor(scope: Construct, id: string, props: CassandraProps) {
    super(scope, id);
    this.adminPassword = new Secret(this, `${id}-admin-password`);
    this.workload = new Workload(this, id, {
      image: props.image,
      user: { uid: 999, gid: 999 },
      memory: props.memory,
      command: ["bash", "-c", START],
      ports: [{ name: "cql", number: 9042, published: props.publishedPort }],
      env: {
        CASSANDRA_CLUSTER_NAME: "realtime-data-pipeline",
        CASSANDRA_ENDPOINT_SNITCH: "GossipingPropertyFileSnitch",
        CASSANDRA_DC: DATACENTER,
        CASSANDRA_RACK: "rack1",
        CASSANDRA_NUM_TOKENS: "1",
        MAX_HEAP_SIZE: `${props.heap}M`,
        HEAP_NEWSIZE: `${Math.floor(props.heap / 4)}M`,
        JVM_EXTRA_OPTS: [
          // The official image has no variable for these; Cassandra takes any setting as a system property.
          "-Dcassandra.config.allow_system_properties=true",
          "-Dcassandra.settings.authenticator=PasswordAuthenticator",
          "-Dcassandra.settings.authorizer=CassandraAuthorizer",
          // What was acknowledged is on disk. By default it may be a tenth of a second until a write outlives the process, and
          // ten seconds until it outlives the machine; with a single node, nobody else would have it.
          "-Dcassandra.settings.commitlog_sync=batch",
          "-Dcassandra.settings.commitlog_sync_period=0ms",
          // Makes up for half of what that costs: direct I/O where the file system has it, and as many writes to one sync as
          // the sink has in flight.
          "-Dcassandra.settings.commitlog_disk_access_mode=auto",
          "-Dcassandra.settings.concurrent_writes=128",
          // A user's two rows are one request of the sink's; a record of Kafka's may be 1 MiB.
          "-Dcassandra.settings.batch_size_fail_threshold=2MiB",
          // One node has nobody to gossip with: starts in 12 s instead of 80.
          "-Dcassandra.ring_delay_ms=1000",
          "-Dcassandra.skip_wait_for_gossip_to_settle=0",
          "-Dcassandra.superuser_setup_delay_ms=0",
        ].join(" "),
        HOME,
      },
      probe: Probe.tcp(9042, OPTIONS_FRAME, { bytes: 1, matches: "^ 84" }, { startup: 180 }),
      stopGracePeriod: 60,
    });
    this.workload.mount(new Volume(this, `${id}-data`), "/var/lib/cassandra");

    this.setup = new SetupJob(this, `${id}-setup`, {
      image: props.setupImage,
      command: "keyspace",
      env: { ...this.connectEnv(), CASSANDRA_USER: ADMIN },
      declaration: () => ({ cqlFiles: this.cqlFiles, roles: this.roles }),
    });
    this.setup.addEnv({
      CASSANDRA_PASSWORD_FILE: this.setup.addSecretFile("cassandra-password", this.adminPassword),
    });
    this.setup.connectTo(this.workload, "cql");

    this.reader = this.addRole(READER, "read");
    this.addCqlshLogin();
  }

  /**
   * Has the keyspace job run the statements of a CQL file after its own. Each must be one that can be run again, such as
   * `CREATE TABLE IF NOT EXISTS spark_streams.orders …`.
   */
  addTables(file: string): void {
    const path = `/etc/pipeline/cql/${basename(file)}`;
    this.setup.addFile(path, readFileSync(file, "utf8"));
    this.cqlFiles.push(path);
  }

  /** Makes a login role for the keyspace. Apps get theirs by the grant methods. */
  addRole(name: string, access: KeyspaceAccess): KeyspaceLogin {
    const password = new Secret(this, `${this.node.id}-${name}-password`);
    this.roles.push({ name, access, passwordFile: this.setup.addSecretFile(`${name}-password`, password) });
    return { user: name, password };
  }

  /** Lets an app write to the keyspace's tables, and read them. */
  grantWrite(grantee: Grantee): KeyspaceLogin {
    return this.grant(grantee, "write");
  }

  /** Lets an app read the keyspace's tables. */
  grantRead(grantee: Grantee): KeyspaceLogin {
    return this.grant(grantee, "read");
  }

  private grant(grantee: Grantee, access: KeyspaceAccess): KeyspaceLogin {
    const login = this.addRole(roleOf(grantee), access);
    for (const client of grantee.workloads) {
      client.addEnv({ ...this.connectEnv(), CASSANDRA_USER: login.user });
      client.addEnv({ CASSANDRA_PASSWORD_FILE: client.addSecretFile("cassandra-password", login.password) });
      client.connectTo(this.workload, "cql");
      client.node.addDependency(this.setup);
    }
    return login;
  }

  /** Lets cqlsh in the container log in as the read-only role. */
  private addCqlshLogin(): void {
    const { user, password } = this.reader;
    this.workload.addSecretFile(
      "cqlsh-credentials",
      secretText`[PlainTextAuthProvider]\nusername = ${user}\npassword = ${password}\n`,
    );
    this.workload.addFile(
      "/etc/pipeline/cqlshrc",
      [
        "[auth_provider]",
        "module = cassandra.auth",
        "classname = PlainTextAuthProvider",
        "[connection]",
        // Seconds: what a COUNT(*) over everything may take.
        "request_timeout = 600",
        "",
      ].join("\n"),
    );
  }

  private connectEnv(): Record<string, string> {
    return {
      CASSANDRA_HOST: this.workload.name,
      CASSANDRA_PORT: String(this.workload.port("cql").number),
      CASSANDRA_DATACENTER: DATACENTER,
      CASSANDRA_KEYSPACE: KEYSPACE,
    };
  }
}

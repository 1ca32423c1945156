import { Construct } from "constructs";
import {
  Grantee,
  Image,
  Job,
  Probe,
  ProbeTiming,
  roleOf,
  Secret,
  secretText,
  SecretText,
  User,
  Volume,
  Workload,
} from "../workload";
import { childId } from "./child-id";
import { DatabaseLogin, Postgres } from "./postgres";

/** Properties of {@link Airflow}. */
export interface AirflowProps {
  /** An image with the contract of the official apache/airflow:3 and the project's DAGs in /opt/airflow/dags. */
  readonly image: Image;
  /** Where Airflow keeps its metadata. */
  readonly postgres: Postgres;
  /** The host's port for the web interface. */
  readonly publishedPort: number;
  /** Cron expression: when users are fetched. */
  readonly schedule: string;
  /** How many users each run fetches. */
  readonly usersPerRun: number;
  /** Hours after which published users are purged from staging; 0 keeps them. */
  readonly stagingRetentionHours: number;
  /** MiB that each of its containers may use. */
  readonly memory: Readonly<Record<"webserver" | "scheduler" | "dagProcessor", number>>;
}

/** The official image's user; the group must be 0. */
const AIRFLOW_USER: User = { uid: 50000, gid: 0 };
/** Fernet takes exactly so many bytes, as Base64. */
const FERNET_KEY_BYTES = 32;
const ADMIN = "admin";
/** Airflow opens its file of passwords for writing, so it gets a copy of its own. */
const USERS_FILE = "/tmp/airflow-users.json";
const START_API_SERVER = `install -m 600 /run/secrets/airflow-users.json ${USERS_FILE} && exec airflow api-server`;

/**
 * Whether a DAG processor runs: it serves nothing that could be asked, and `airflow jobs check` takes seconds of CPU. Without
 * pgrep, which the official image does not promise; the brackets keep the probe from finding itself.
 */
const DAG_PROCESSOR_RUNS = ["bash", "-c", "grep -qs '[d]ag-processor' /proc/[0-9]*/cmdline"];

/**
 * Airflow 3: the API server with the web interface, the scheduler, which also runs the tasks, and the DAG processor. Their host
 * names begin with its id, which is also the name of its database.
 */
export class Airflow extends Construct implements Grantee {
  readonly webserver: Workload;
  readonly scheduler: Workload;
  readonly dagProcessor: Workload;
  /** The DAG that looks at the other end of the pipeline: it runs where the scheduler does, which alone is granted that. */
  readonly reconciliation: Grantee;
  /** The password of the web interface's user `admin`. */
  readonly adminPassword: Secret;
  private readonly connections = new Map<string, DatabaseLogin>();

  constructor(scope: Construct, id: string, props: AirflowProps) {
    super(scope, id);
    this.adminPassword = new Secret(this, `${id}-admin-password`);
    const metadata = props.postgres.addDatabase(roleOf(this));
    const logs = new Volume(this, `${id}-logs`);
    const secrets = {
      "airflow-database-url": secretText`postgresql+psycopg2://${metadata.user}:${metadata.password}@${metadata.host}:${String(metadata.port)}/${metadata.database}`,
      "airflow-api-secret": new Secret(this, `${id}-api-secret`),
      // HMAC with SHA-512 wants 64 bytes.
      "airflow-jwt-secret": new Secret(this, `${id}-jwt-secret`, { length: 64 }),
      "airflow-fernet-key": new Secret(this, `${id}-fernet-key`, { length: FERNET_KEY_BYTES }),
    };

    const migrate = new Job(this, `${id}-migrate`, {
      image: props.image,
      user: AIRFLOW_USER,
      memory: 768,
      command: ["db", "migrate"],
      env: { ...this.commonEnv(props), AIRFLOW__LOGGING__LOGGING_LEVEL: "WARNING" },
    });
    const service = (
      name: string,
      command: readonly string[],
      memory: number,
      probe: Probe,
      port?: number,
    ): Workload => {
      const workload = new Workload(this, name, {
        image: props.image,
        user: AIRFLOW_USER,
        memory,
        command,
        env: this.commonEnv(props),
        ports: port === undefined ? [] : [{ name: "http", number: port, published: props.publishedPort }],
        probe,
        // The scheduler lets its running tasks end.
        stopGracePeriod: 90,
      });
      workload.mount(logs, "/opt/airflow/logs");
      workload.addFile("/run/secrets/airflow-connections.json", () => this.connectionsFile());
      workload.node.addDependency(migrate);
      return workload;
    };
    // Python services: the first answer takes a while on a small machine.
    const timing: ProbeTiming = { timeout: 10, startup: 240 };
    this.webserver = service(
      this.apiServer,
      ["bash", "-c", START_API_SERVER],
      props.memory.webserver,
      Probe.http(8080, "/api/v2/version", timing),
      8080,
    );
    this.webserver.addFile(
      "/run/secrets/airflow-users.json",
      secretText`{"${ADMIN}": "${this.adminPassword}"}\n`,
    );
    this.scheduler = service(
      `${id}-scheduler`,
      ["scheduler"],
      props.memory.scheduler,
      Probe.http(8974, "/health", timing),
    );
    this.scheduler.connectTo(this.webserver, "http");
    this.reconciliation = new SchedulerTasks(
      this,
      childId(this, "airflow", "reconciliation"),
      this.scheduler,
    );
    this.dagProcessor = service(
      `${id}-dag-processor`,
      ["dag-processor"],
      props.memory.dagProcessor,
      Probe.exec(DAG_PROCESSOR_RUNS, timing),
    );

    for (const container of [migrate, ...this.workloads]) {
      for (const [name, content] of Object.entries(secrets)) container.addSecretFile(name, content);
      props.postgres.addClient(container);
    }
  }

  get workloads(): readonly Workload[] {
    return [this.webserver, this.scheduler, this.dagProcessor];
  }

  /** Gives the DAGs an Airflow connection to a database. */
  addConnection(connectionId: string, login: DatabaseLogin): void {
    this.connections.set(connectionId, login);
  }

  /** The host name of the API server, which the other processes are told before it is declared. */
  private get apiServer(): string {
    return `${this.node.id}-webserver`;
  }

  private connectionsFile(): SecretText {
    const entries = [...this.connections].map(
      ([id, { user, password, host, port, database }]) =>
        secretText`  "${id}": "postgresql://${user}:${password}@${host}:${String(port)}/${database}"`,
    );
    const lines = entries.flatMap((entry, i) => [...entry.parts, i < entries.length - 1 ? ",\n" : "\n"]);
    return new SecretText(["{\n", ...lines, "}\n"]);
  }

  /** Settings that all of Airflow's processes must agree on. */
  private commonEnv(props: AirflowProps): Record<string, string> {
    return {
      AIRFLOW__CORE__EXECUTOR: "LocalExecutor",
      AIRFLOW__CORE__LOAD_EXAMPLES: "false",
      AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION: "false",
      // Encrypts connections and variables that users add in the web interface.
      AIRFLOW__CORE__FERNET_KEY_CMD: "base64 --wrap=0 /run/secrets/airflow-fernet-key",
      AIRFLOW__CORE__EXECUTION_API_SERVER_URL: `http://${this.apiServer}:8080/execution/`,
      AIRFLOW__CORE__PARALLELISM: "2",
      AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS: `${ADMIN}:admin`,
      AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE: USERS_FILE,
      AIRFLOW__API__WORKERS: "1",
      AIRFLOW__API__SECRET_KEY_CMD: "cat /run/secrets/airflow-api-secret",
      AIRFLOW__API_AUTH__JWT_SECRET_CMD: "cat /run/secrets/airflow-jwt-secret",
      AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_CMD: "cat /run/secrets/airflow-database-url",
      AIRFLOW__DAG_PROCESSOR__PARSING_PROCESSES: "1",
      // DAGs change with the image only.
      AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL: "300",
      AIRFLOW__SCHEDULER__ENABLE_HEALTH_CHECK: "true",
      // Seconds: after a scheduler was killed, its tasks go on in 84 s instead of six minutes (measured).
      AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL: "60",
      AIRFLOW__SECRETS__BACKEND: "airflow.secrets.local_filesystem.LocalFilesystemBackend",
      AIRFLOW__SECRETS__BACKEND_KWARGS: JSON.stringify({
        connections_file_path: "/run/secrets/airflow-connections.json",
      }),
      DAG_SCHEDULE: props.schedule,
      USERS_PER_RUN: String(props.usersPerRun),
      STAGING_RETENTION_HOURS: String(props.stagingRetentionHours),
    };
  }
}

/** Tasks that are granted something of their own. */
class SchedulerTasks extends Construct implements Grantee {
  readonly workloads: readonly Workload[];

  constructor(scope: Construct, id: string, scheduler: Workload) {
    super(scope, id);
    this.workloads = [scheduler];
  }
}

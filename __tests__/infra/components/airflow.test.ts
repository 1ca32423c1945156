import { checkFacts, type Fact } from "../../support/containers";
import { compareComponent } from "../../support/reviewed";

compareComponent("airflow");

const SERVICES = ["airflow-webserver", "airflow-scheduler", "airflow-dag-processor"];
const PROCESSES = ["airflow-migrate", ...SERVICES];
const includes = (...names: readonly string[]) => expect.arrayContaining([...names]) as string[];

checkFacts([
  ...PROCESSES.flatMap((name): Fact[] => [
    [name, "it runs as the user of the official image, whose group is 0", { user: "50000:0" }],
    [
      name,
      "it reads database, keys and secrets from files",
      {
        env: {
          AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_CMD: "cat /run/secrets/airflow-database-url",
          AIRFLOW__CORE__FERNET_KEY_CMD: "base64 --wrap=0 /run/secrets/airflow-fernet-key",
          AIRFLOW__API__SECRET_KEY_CMD: "cat /run/secrets/airflow-api-secret",
          AIRFLOW__API_AUTH__JWT_SECRET_CMD: "cat /run/secrets/airflow-jwt-secret",
        },
        files: {
          "/run/secrets/airflow-database-url":
            "postgresql+psycopg2://airflow_owner:${random_password.postgres-airflow_owner-password.result}@postgres:5432/airflow",
          "/run/secrets/airflow-fernet-key": "${random_password.airflow-fernet-key.result}",
          "/run/secrets/airflow-api-secret": "${random_password.airflow-api-secret.result}",
          "/run/secrets/airflow-jwt-secret": "${random_password.airflow-jwt-secret.result}",
        },
      },
    ],
    [name, "it starts when its database exists", { startsAfter: includes("postgres", "postgres-setup") }],
  ]),
  ...SERVICES.flatMap((name): Fact[] => [
    [name, "it starts when the tables of the metadata exist", { startsAfter: includes("airflow-migrate") }],
    [name, "it shares the logs of the tasks", { mounts: { "/opt/airflow/logs": "airflow-logs" } }],
    [name, "running tasks have 90 seconds to end", { stopGracePeriod: 90 }],
    [name, "the first start may take four minutes", { probe: { startup: 240, timeout: 10 } }],
    [
      name,
      "the DAGs have a connection to staging with a role of its own",
      {
        files: {
          "/run/secrets/airflow-connections.json": `{
  "staging": "postgresql://airflow:\${random_password.postgres-airflow-password.result}@postgres:5432/pipeline"
}
`,
        },
      },
    ],
    [
      name,
      "the DAGs run every minute and fetch 100 users",
      { env: { DAG_SCHEDULE: "* * * * *", USERS_PER_RUN: "100", STAGING_RETENTION_HOURS: "0" } },
    ],
    [name, "the DAGs know the source", { env: { RANDOM_USER_API_URL: "http://random-user-api:8080/api/" } }],
  ]),
  ["airflow-migrate", "the job migrates the metadata", { args: ["db", "migrate"], memory: 768 }],
  [
    "airflow-webserver",
    "the web interface is on port 8080 of the host and asks for a generated password",
    {
      published: { 8080: 8080 },
      files: {
        "/run/secrets/airflow-users.json": '{"admin": "${random_password.airflow-admin-password.result}"}\n',
      },
    },
  ],
  [
    "airflow-webserver",
    "it is ready when its API answers",
    { memory: 1024, probe: { handler: "GET :8080/api/v2/version" } },
  ],
  [
    "airflow-scheduler",
    "it is ready when it says so",
    { memory: 1024, probe: { handler: "GET :8974/health" } },
  ],
  ["airflow-scheduler", "it starts after the API server", { startsAfter: includes("airflow-webserver") }],
  [
    "airflow-scheduler",
    "tasks of a killed scheduler are adopted within a minute",
    { env: { AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL: "60" } },
  ],
  [
    "airflow-scheduler",
    "the reconciliation reads Cassandra with a role of its own, when the tables exist",
    {
      env: { CASSANDRA_USER: "reconciliation", CASSANDRA_KEYSPACE: "spark_streams" },
      files: {
        "/run/secrets/cassandra-password": "${random_password.cassandra-reconciliation-password.result}",
      },
      startsAfter: includes("cassandra", "cassandra-setup"),
    },
  ],
  [
    "airflow-scheduler",
    "the reconciliation reads the topics between both ends",
    {
      env: {
        KAFKA_BOOTSTRAP_SERVERS: "broker:29092",
        KAFKA_CREATED_TOPIC: "users_created",
        KAFKA_PROCESSED_TOPIC: "users_processed",
        KAFKA_DLQ_TOPIC: "users_dlq",
      },
    },
  ],
  [
    "airflow-dag-processor",
    "the probe looks for the process, without pgrep, which the official image does not promise",
    { memory: 768, probe: { handler: "bash -c grep -qs '[d]ag-processor' /proc/[0-9]*/cmdline" } },
  ],
]);

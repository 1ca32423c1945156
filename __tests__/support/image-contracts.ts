import { ServerImages } from "../../infra/images/server-images";
import { User } from "../../infra/workload";

/** What a component may expect of a server's image, whether the image is the official one or this project's. */
export interface Contract {
  /** The user it can run as from the start. */
  readonly user: User;
  /** The environment variables that it reads; a name that ends with `*` is a prefix. */
  readonly env: readonly string[];
  /** Folders that the user can write to, and that a volume can be mounted on. */
  readonly writable: readonly string[];
  /** The commands that it has, by name or path. */
  readonly commands: readonly string[];
  /** The signal on which it shuts down in order. */
  readonly stopSignal: "SIGTERM" | "SIGINT";
}

const SIGTERM = "SIGTERM";
/** What the commands of `Probe` call. */
const PROBE_COMMANDS = ["bash", "head", "od", "grep", "cat"];

/**
 * The contracts of the official images, as their sources have them: docker-library/postgres and cassandra,
 * apache/spark-docker, apache/airflow, and Confluent's kafka-images (read in 2026 for the versions in official.ts).
 */
export const contracts: Readonly<Record<Exclude<keyof ServerImages, "maven">, Contract>> = {
  zookeeper: {
    user: { uid: 1000, gid: 1000 },
    env: ["ZOOKEEPER_*", "KAFKA_HEAP_OPTS", "KAFKA_JVM_PERFORMANCE_OPTS", "KAFKA_OPTS", "COMPONENT"],
    writable: ["/var/lib/zookeeper/data", "/var/lib/zookeeper/log", "/etc/kafka"],
    commands: [...PROBE_COMMANDS, "zookeeper-shell", "/etc/confluent/docker/run"],
    stopSignal: SIGTERM,
  },
  kafka: {
    user: { uid: 1000, gid: 1000 },
    // cp-server reads the last two; cp-kafka ignores them.
    env: ["KAFKA_*", "COMPONENT", "CONFLUENT_METRICS_*", "CONFLUENT_SUPPORT_CUSTOMER_ID"],
    writable: ["/var/lib/kafka/data", "/etc/kafka"],
    commands: [
      ...PROBE_COMMANDS,
      ...["kafka-topics", "kafka-configs", "kafka-consumer-groups", "kafka-cluster", "kafka-acls"],
      ...["kafka-console-consumer", "kafka-console-producer", "/etc/confluent/docker/run"],
    ],
    stopSignal: SIGTERM,
  },
  schemaRegistry: {
    user: { uid: 1000, gid: 1000 },
    env: ["SCHEMA_REGISTRY_*"],
    writable: ["/etc/schema-registry"],
    commands: [...PROBE_COMMANDS, "kafka-avro-console-consumer", "/etc/confluent/docker/run"],
    stopSignal: SIGTERM,
  },
  postgres: {
    user: { uid: 999, gid: 999 },
    env: [
      "POSTGRES_USER",
      "POSTGRES_DB",
      "POSTGRES_PASSWORD",
      "POSTGRES_INITDB_ARGS",
      "POSTGRES_*_FILE",
      "PGDATA",
    ],
    writable: ["/var/lib/postgresql/data", "/var/run/postgresql"],
    commands: ["bash", "psql", "pg_isready", "postgres", "docker-entrypoint.sh"],
    stopSignal: "SIGINT",
  },
  cassandra: {
    user: { uid: 999, gid: 999 },
    env: [
      ...["CASSANDRA_LISTEN_ADDRESS", "CASSANDRA_BROADCAST_ADDRESS", "CASSANDRA_RPC_ADDRESS"],
      ...[
        "CASSANDRA_BROADCAST_RPC_ADDRESS",
        "CASSANDRA_SEEDS",
        "CASSANDRA_CLUSTER_NAME",
        "CASSANDRA_NUM_TOKENS",
      ],
      ...["CASSANDRA_ENDPOINT_SNITCH", "CASSANDRA_START_RPC", "CASSANDRA_DC", "CASSANDRA_RACK"],
      ...["MAX_HEAP_SIZE", "HEAP_NEWSIZE", "JVM_EXTRA_OPTS", "HOME"],
    ],
    writable: ["/var/lib/cassandra", "/etc/cassandra"],
    commands: [...PROBE_COMMANDS, "cqlsh", "nodetool", "cassandra", "docker-entrypoint.sh", "install"],
    stopSignal: SIGTERM,
  },
  airflow: {
    user: { uid: 50000, gid: 0 },
    env: ["AIRFLOW__*"],
    writable: ["/opt/airflow/logs", "/opt/airflow/dags", "/opt/airflow/plugins", "/opt/airflow/config"],
    commands: [...PROBE_COMMANDS, "airflow", "python3", "install", "base64"],
    stopSignal: SIGTERM,
  },
  spark: {
    user: { uid: 185, gid: 185 },
    env: ["SPARK_*"],
    writable: ["/opt/spark/work-dir", "/opt/spark/work", "/opt/spark/logs"],
    commands: [
      ...PROBE_COMMANDS,
      ...[
        "/opt/entrypoint.sh",
        "/opt/spark/bin/spark-class",
        "/opt/spark/bin/spark-submit",
        "python3",
        "install",
      ],
    ],
    stopSignal: SIGTERM,
  },
  node: {
    user: { uid: 1000, gid: 1000 },
    env: ["NODE_*"],
    writable: [],
    commands: [...PROBE_COMMANDS, "node"],
    stopSignal: SIGTERM,
  },
};

/** Whether an image reads an environment variable. */
export function honours({ env }: Contract, variable: string): boolean {
  return env.some((pattern) => new RegExp(`^${pattern.replaceAll("*", ".+")}$`).test(variable));
}

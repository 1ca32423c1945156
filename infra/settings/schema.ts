import { z } from "zod";
import {
  cron,
  hostPort,
  imageRegistry,
  kubeContext,
  memory,
  name,
  oneOf,
  setting,
  source,
  storageClass,
  wholeNumber,
} from "./types";

/** Every setting of the pipeline with its description, its expected values and its default. */
export const schema = z.object({
  images: setting(
    oneOf("auto", "pull", "build"),
    "auto",
    "Source of images. build: built from packages; pull: the vendors' official images, with which the project was never tested; auto: what the first deploy used, build for a new one",
  ),
  controlCenter: setting(
    oneOf("auto", "open", "confluent"),
    "auto",
    "Control Center to deploy. open or auto: this project's own; confluent: Confluent's, commercial software that requires images: pull",
  ),
  namePrefix: setting(
    name,
    "",
    "Prefix for container, volume and network names, so that a second pipeline can run beside the first",
  ),
  source: setting(source, "embedded", "Source of users"),
  schedule: setting(cron, "* * * * *", "Schedule on which Airflow fetches users"),
  usersPerRun: setting(wholeNumber(1, 100_000), 100, "Number of users that each run fetches"),
  workers: setting(wholeNumber(1, 16), 1, "Number of Spark workers"),
  partitions: setting(wholeNumber(1, 64), 3, "Number of partitions of users_created and users_processed"),
  topicRetentionHours: setting(
    wholeNumber(1, 87_600),
    168,
    "Retention of topics in hours; dead letters are kept forever",
  ),
  stagingRetentionHours: setting(
    wholeNumber(0, 87_600),
    0,
    "Retention of published users in PostgreSQL in hours since their last change; 0: forever",
  ),
  kubernetes: z.object({
    context: setting(
      kubeContext,
      "",
      "Target kind: kubeconfig context of an existing cluster; if empty, a kind cluster is created",
    ),
    imageRegistry: setting(
      imageRegistry,
      "",
      "Target kind: registry that images are pushed to; required for an existing cluster that is not a kind cluster",
    ),
    storageClass: setting(
      storageClass,
      "",
      "Target kind: storage class of volumes; if empty, the cluster's default",
    ),
  }),
  ports: z.object({
    airflow: setting(hostPort, 8080, "Port of Airflow's web interface on the host's loopback address"),
    schemaRegistry: setting(hostPort, 8081, "Port of the Schema Registry"),
    kafka: setting(hostPort, 9092, "Port of the Kafka broker"),
    zookeeper: setting(hostPort, 2181, "Port of ZooKeeper"),
    postgres: setting(hostPort, 5432, "Port of PostgreSQL"),
    cassandra: setting(hostPort, 9042, "Port of Cassandra"),
    controlCenter: setting(hostPort, 9021, "Port of the Control Center"),
    sparkMaster: setting(hostPort, 9090, "Port of the Spark master's web interface"),
    sparkApplication: setting(hostPort, 4040, "Port of the Spark application's web interface"),
  }),
  memory: z.object({
    zookeeper: setting(memory, 256, "Memory limit of ZooKeeper in MiB; above it the container is OOM-killed"),
    broker: setting(memory, 896, "Memory limit of the Kafka broker in MiB"),
    schemaRegistry: setting(memory, 640, "Memory limit of the Schema Registry in MiB"),
    postgres: setting(memory, 512, "Memory limit of PostgreSQL in MiB"),
    cassandra: setting(memory, 1536, "Memory limit of Cassandra in MiB"),
    airflowWebserver: setting(memory, 1024, "Memory limit of Airflow's API server in MiB"),
    airflowScheduler: setting(memory, 1024, "Memory limit of Airflow's scheduler and its tasks in MiB"),
    airflowDagProcessor: setting(memory, 768, "Memory limit of Airflow's DAG processor in MiB"),
    sparkMaster: setting(memory, 512, "Memory limit of the Spark master in MiB"),
    sparkWorker: setting(memory, 1792, "Memory limit of each Spark worker and its executor in MiB"),
    sparkStream: setting(memory, 1024, "Memory limit of the Spark driver in MiB"),
    producer: setting(memory, 256, "Memory limit of the producer in MiB"),
    sink: setting(memory, 256, "Memory limit of the sink in MiB"),
    controlCenter: setting(memory, 192, "Memory limit of the Control Center in MiB"),
    confluentControlCenter: setting(memory, 2048, "Memory limit of Confluent's Control Center in MiB"),
    randomUserApi: setting(memory, 256, "Memory limit of the embedded source of users in MiB"),
  }),
  heap: z.object({
    zookeeper: setting(memory, 96, "Java heap of ZooKeeper in MiB"),
    broker: setting(memory, 384, "Java heap of the Kafka broker in MiB"),
    schemaRegistry: setting(memory, 256, "Java heap of the Schema Registry in MiB"),
    cassandra: setting(memory, 512, "Java heap of Cassandra in MiB"),
    confluentControlCenter: setting(memory, 1024, "Java heap of Confluent's Control Center in MiB"),
    sparkWorker: setting(memory, 1024, "Java heap of the executor of each Spark worker in MiB"),
  }),
});

/** The validated settings. */
export type Settings = z.infer<typeof schema>;

/** Problems with combinations of settings, each of which is valid by itself. */
export function clashes({ ports = {}, memory = {}, heap = {} }: PartialSettings): string[] {
  const problems: string[] = [];
  const published = Object.entries(ports);
  for (const [i, [name, number]] of published.entries()) {
    const other = published.slice(0, i).find(([, candidate]) => candidate === number);
    if (other !== undefined) {
      problems.push(
        `ports.${name}: got ${number}, which is also ports.${other[0]}; expected a port that no other server uses`,
      );
    }
  }
  for (const [name, size] of Object.entries(heap)) {
    const limit = memory[name as keyof typeof memory];
    if (limit !== undefined && size >= limit) {
      problems.push(
        `heap.${name}: got ${size}; expected less than memory.${name} (${limit}), which also covers memory outside the heap`,
      );
    }
  }
  return problems;
}

/** Settings that are valid by themselves. */
export type PartialSettings = { [Group in keyof Settings]?: Partial<Settings[Group]> };

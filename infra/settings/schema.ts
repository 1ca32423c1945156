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

/** Every setting of the pipeline: what it is, what is allowed, its default. The one place where each of them stands. */
export const schema = z.object({
  images: setting(
    oneOf("auto", "pull", "build"),
    "auto",
    "pull: the official images; build: equivalent ones made from packages; auto: as the first deploy did, which pulls where a container registry answers",
  ),
  controlCenter: setting(
    oneOf("auto", "open", "confluent"),
    "auto",
    "open: this project's own; confluent: Confluent's, which needs the official images; auto: Confluent's where images are pulled",
  ),
  namePrefix: setting(name, "", "Before the names of containers, volumes and the network: a second pipeline"),
  source: setting(source, "embedded", "Where users come from"),
  schedule: setting(cron, "* * * * *", "When Airflow fetches users"),
  usersPerRun: setting(wholeNumber(1, 100_000), 100, "Users that each run fetches"),
  workers: setting(wholeNumber(1, 16), 1, "Spark workers"),
  partitions: setting(wholeNumber(1, 64), 3, "Partitions of users_created and users_processed"),
  topicRetentionHours: setting(
    wholeNumber(1, 87_600),
    168,
    "Hours that topics keep messages; dead letters stay",
  ),
  stagingRetentionHours: setting(
    wholeNumber(0, 87_600),
    0,
    "Hours that published users stay in PostgreSQL after their last change; 0: for ever",
  ),
  kubernetes: z.object({
    context: setting(
      kubeContext,
      "",
      "Target kind: the kubeconfig's context of a cluster that exists; without it, a kind cluster is made",
    ),
    imageRegistry: setting(
      imageRegistry,
      "",
      "Target kind: where images are pushed to for a cluster that exists and is not kind's",
    ),
    storageClass: setting(
      storageClass,
      "",
      "Target kind: the class of volumes; without it, the cluster's default",
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
    zookeeper: setting(memory, 256, "MiB that ZooKeeper may use; beyond that the container is killed"),
    broker: setting(memory, 896, "MiB that the Kafka broker may use"),
    schemaRegistry: setting(memory, 640, "MiB that the Schema Registry may use"),
    postgres: setting(memory, 512, "MiB that PostgreSQL may use"),
    cassandra: setting(memory, 1536, "MiB that Cassandra may use"),
    airflowWebserver: setting(memory, 1024, "MiB that Airflow's API server may use"),
    airflowScheduler: setting(memory, 1024, "MiB that Airflow's scheduler and its tasks may use"),
    airflowDagProcessor: setting(memory, 768, "MiB that Airflow's DAG processor may use"),
    sparkMaster: setting(memory, 512, "MiB that the Spark master may use"),
    sparkWorker: setting(memory, 1792, "MiB that each Spark worker and its executor may use"),
    sparkStream: setting(memory, 1024, "MiB that the Spark driver may use"),
    producer: setting(memory, 256, "MiB that the producer may use"),
    sink: setting(memory, 256, "MiB that the sink may use"),
    controlCenter: setting(memory, 192, "MiB that the Control Center may use"),
    confluentControlCenter: setting(memory, 2048, "MiB that Confluent's Control Center may use"),
    randomUserApi: setting(memory, 256, "MiB that the embedded source of users may use"),
  }),
  heap: z.object({
    zookeeper: setting(memory, 96, "MiB of Java heap for ZooKeeper"),
    broker: setting(memory, 384, "MiB of Java heap for the Kafka broker"),
    schemaRegistry: setting(memory, 256, "MiB of Java heap for the Schema Registry"),
    cassandra: setting(memory, 512, "MiB of Java heap for Cassandra"),
    confluentControlCenter: setting(memory, 1024, "MiB of Java heap for Confluent's Control Center"),
    sparkWorker: setting(memory, 1024, "MiB of Java heap for the executor of each Spark worker"),
  }),
});

/** The validated settings. */
export type Settings = z.infer<typeof schema>;

/** Settings each of which may be right while together they are not: the problems. Not asked about a value that is wrong. */
export function clashes({ ports = {}, memory = {}, heap = {} }: PartialSettings): string[] {
  const problems: string[] = [];
  const published = Object.entries(ports);
  for (const [i, [name, number]] of published.entries()) {
    const other = published.slice(0, i).find(([, candidate]) => candidate === number);
    if (other !== undefined) {
      problems.push(
        `ports.${name} is ${number}, which is also ports.${other[0]}; allowed: a port of its own, so change one of them`,
      );
    }
  }
  for (const [name, size] of Object.entries(heap)) {
    const limit = memory[name as keyof typeof memory];
    if (limit !== undefined && size >= limit) {
      problems.push(
        `heap.${name} is ${size}; allowed: less than memory.${name}, which is ${limit} and also has to hold what is outside the heap`,
      );
    }
  }
  return problems;
}

/** Those settings that are right by themselves. */
export type PartialSettings = { [Group in keyof Settings]?: Partial<Settings[Group]> };

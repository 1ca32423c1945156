import { Construct } from "constructs";
import { Airflow } from "../../infra/components/airflow";
import { Cassandra } from "../../infra/components/cassandra";
import { ConfluentControlCenter } from "../../infra/components/confluent-control-center";
import { ControlCenter } from "../../infra/components/control-center";
import { Kafka } from "../../infra/components/kafka";
import { Postgres } from "../../infra/components/postgres";
import { Producer } from "../../infra/components/producer";
import { SchemaRegistry } from "../../infra/components/schema-registry";
import { Sink } from "../../infra/components/sink";
import { Spark } from "../../infra/components/spark";
import { Topic } from "../../infra/components/topic";
import { ExternalUserApi, RandomUserApi } from "../../infra/components/user-source";
import { ZooKeeper } from "../../infra/components/zookeeper";
import { Image } from "../../infra/workload";

const SIZES = { memory: 512, heap: 256 };

/** The ids and the ports of a set of components. */
export interface ComponentSet {
  /** Stands before every id. */
  readonly prefix: string;
  /** The first of the host's ports that the set publishes. */
  readonly firstPort: number;
}

/** The set with the usual ids. */
export const FIRST: ComponentSet = { prefix: "", firstPort: 40_000 };
/** The set beside it. */
export const SECOND: ComponentSet = { prefix: "second-", firstPort: 41_000 };

/** Declares one of every component, connected as the pipeline's are. */
export function declareSet(scope: Construct, image: Image, { prefix, firstPort }: ComponentSet) {
  const id = (usual: string) => `${prefix}${usual}`;
  let ports = firstPort;
  const publishedPort = () => ports++;
  const server = () => ({ image, setupImage: image, publishedPort: publishedPort(), ...SIZES });

  const zookeeper = new ZooKeeper(scope, id("zookeeper"), server());
  const kafka = new Kafka(scope, id("kafka"), { ...server(), zookeeper });
  const schemaRegistry = new SchemaRegistry(scope, id("schema-registry"), { ...server(), kafka });
  const postgres = new Postgres(scope, id("postgres"), server());
  const cassandra = new Cassandra(scope, id("cassandra"), server());
  const value = { schemaRegistry, schemaFile: "user_created.avsc" };
  const topic = new Topic(scope, id("users_created"), { kafka, partitions: 3, value });

  const source = new RandomUserApi(scope, id("random-user-api"), { image, memory: 256 });
  new ExternalUserApi(scope, id("external-user-api"), { url: "https://randomuser.me/api/" });
  const airflow = new Airflow(scope, id("airflow"), airflowProps(image, postgres, publishedPort()));
  const producer = new Producer(scope, id("producer"), { image, memory: 256 });
  const spark = new Spark(scope, id("spark"), {
    image,
    streamImage: image,
    workers: 2,
    partitions: 3,
    publishedMasterPort: publishedPort(),
    publishedApplicationPort: publishedPort(),
    memory: { master: 512, worker: 512, stream: 512 },
    executorHeap: 256,
  });
  const sink = new Sink(scope, id("sink"), { image, memory: 256 });
  const controlCenter = new ControlCenter(scope, id("control-center"), {
    image,
    memory: 256,
    publishedPort: publishedPort(),
  });
  const confluent = new ConfluentControlCenter(scope, id("confluent-control-center"), {
    image,
    publishedPort: publishedPort(),
    ...SIZES,
  });

  source.grantRead(airflow);
  airflow.addConnection("staging", postgres.grantStage(airflow));
  postgres.grantPublish(producer);
  for (const writer of [producer, spark]) topic.grantWrite(writer);
  for (const reader of [sink, airflow.reconciliation]) topic.grantRead(reader);
  cassandra.grantWrite(sink);
  cassandra.grantRead(airflow.reconciliation);
  for (const viewer of [controlCenter, confluent]) {
    kafka.grantInspect(viewer);
    schemaRegistry.grantInspect(viewer);
  }
  kafka.reportMetrics();
  producer.grantMetrics(controlCenter, "PRODUCER_URL");
  spark.grantMetrics(controlCenter, "STREAM_URL");
  sink.grantMetrics(controlCenter, "SINK_URL");
  return { zookeeper, postgres, cassandra };
}

/** Properties of a minimal Airflow. */
export function airflowProps(image: Image, postgres: Postgres, publishedPort: number) {
  return {
    image,
    postgres,
    publishedPort,
    schedule: "* * * * *",
    usersPerRun: 100,
    stagingRetentionHours: 0,
    memory: { webserver: 512, scheduler: 512, dagProcessor: 512 },
  };
}

/** The name in the second set of what the first set calls by a name: a host, a volume or a secret. */
export function inSecond(name: string): string {
  const derived = name
    // What has a name of its own for the usual id has one that begins with the id for another.
    .replace(/^broker/, "kafka-broker")
    .replace(/^schemas/, "schema-registry-schemas")
    // A role is called by the id of the app that logs in.
    .replace(/-(airflow|airflow_owner|producer|sink)-password$/, "-second_$1-password")
    .replace(/-reconciliation-password$/, "-second_airflow_reconciliation-password");
  return `${SECOND.prefix}${derived}`;
}

/** The hosts that a text names: HOST:PORT, and variables and options that are called so. */
export function hostsIn(text: string): string[] {
  const patterns = [/([a-z][a-z0-9-]*):\d{4,5}\b/g, /_HOST(?:_NAME)?=(\S+)/g, /--host (\S+)/g];
  return patterns
    .flatMap((pattern) => [...text.matchAll(pattern)].map(([, host]) => host!))
    .filter((host) => host !== "localhost");
}

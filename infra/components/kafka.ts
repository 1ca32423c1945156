import { Construct } from "constructs";
import { Grantee, Image, Probe, Volume, Workload } from "../workload";
import { childId } from "./child-id";
import { SetupJob } from "./setup-job";
import { ZooKeeper } from "./zookeeper";

/** ApiVersions v0, correlation id 1, no client id: the one request a broker answers to anybody. */
const API_VERSIONS_REQUEST = Buffer.from("0000000a0012000000000001ffff", "hex");

/** Properties of {@link Kafka}. */
export interface KafkaProps {
  /** An image with the contract of confluentinc/cp-kafka. */
  readonly image: Image;
  /** The image of apps/setup, which creates the topics. */
  readonly setupImage: Image;
  readonly zookeeper: ZooKeeper;
  /** The host's port for clients; clients in the container use it too, as localhost:PORT. */
  readonly publishedPort: number;
  /** MiB the container may use. */
  readonly memory: number;
  /** MiB of Java heap. */
  readonly heap: number;
}

/** A topic as the setup job creates it. */
export interface TopicDeclaration {
  readonly name: string;
  readonly partitions: number;
  /** Topic settings that differ from the broker's, by Kafka's names. */
  readonly config: Readonly<Record<string, string>>;
}

/**
 * A Kafka broker and the job that creates its topics. Nothing creates topics by itself. The broker's host name is `broker`
 * for the id `kafka`, and ID-broker for any other.
 */
export class Kafka extends Construct {
  readonly workload: Workload;
  readonly setup: SetupJob;
  private readonly topics: TopicDeclaration[] = [];

  constructor(scope: Construct, id: string, props: KafkaProps) {
    super(scope, id);
    const external = props.publishedPort;
    const host = childId(this, "kafka", "broker");
    this.workload = new Workload(this, host, {
      image: props.image,
      user: { uid: 1000, gid: 1000 },
      memory: props.memory,
      ports: [
        { name: "internal", number: 29092 },
        // The same number on both sides, so that localhost:9092 is right on the host and in the container.
        { name: "external", number: external, published: external },
      ],
      env: {
        COMPONENT: "kafka",
        KAFKA_BROKER_ID: "1",
        KAFKA_ZOOKEEPER_CONNECT: props.zookeeper.connectString,
        KAFKA_LISTENERS: `PLAINTEXT://0.0.0.0:29092,PLAINTEXT_HOST://0.0.0.0:${external}`,
        KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://${host}:29092,PLAINTEXT_HOST://localhost:${external}`,
        KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: "PLAINTEXT:PLAINTEXT,PLAINTEXT_HOST:PLAINTEXT",
        KAFKA_INTER_BROKER_LISTENER_NAME: "PLAINTEXT",
        KAFKA_AUTO_CREATE_TOPICS_ENABLE: "false",
        // One broker: internal topics cannot have more replicas.
        KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: "1",
        KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: "1",
        KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: "1",
        // A consumer group here has one member: waiting for others only delays it.
        KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: "0",
        KAFKA_HEAP_OPTS: `-Xms${props.heap}m -Xmx${props.heap}m`,
      },
      probe: Probe.tcp(29092, API_VERSIONS_REQUEST, { bytes: 8, matches: "00 00 00 01$" }),
      // A controlled shutdown: leaves ZooKeeper properly, so that the next start does not meet its own session.
      stopGracePeriod: 60,
    });
    props.zookeeper.addBroker(this.workload);
    this.workload.mount(new Volume(this, `${host}-data`), "/var/lib/kafka/data");

    this.setup = new SetupJob(this, `${id}-topics`, {
      image: props.setupImage,
      command: "topics",
      env: { KAFKA_BOOTSTRAP_SERVERS: this.bootstrapServers },
      declaration: () => ({
        topics: this.topics.map(({ name, partitions, config }) => ({ name, partitions, config })),
      }),
    });
    this.setup.connectTo(this.workload, "internal");
  }

  /** What clients on the container network connect to. */
  get bootstrapServers(): string {
    return this.workload.address("internal");
  }

  /** Lets a Control Center look at the whole cluster: every topic, group and setting. */
  grantInspect(grantee: Grantee): void {
    for (const client of grantee.workloads) {
      client.addEnv({ CONTROL_CENTER_BOOTSTRAP_SERVERS: this.bootstrapServers });
      client.connectTo(this.workload, "internal");
      client.node.addDependency(this.setup);
    }
  }

  /** Has the broker report about itself to Confluent's Control Center. Takes an image of cp-server. */
  reportMetrics(): void {
    this.workload.addEnv({
      KAFKA_METRIC_REPORTERS: "io.confluent.metrics.reporter.ConfluentMetricsReporter",
      CONFLUENT_METRICS_REPORTER_BOOTSTRAP_SERVERS: this.bootstrapServers,
      CONFLUENT_METRICS_REPORTER_TOPIC_REPLICAS: "1",
      CONFLUENT_METRICS_ENABLE: "true",
      CONFLUENT_SUPPORT_CUSTOMER_ID: "anonymous",
      KAFKA_CONFLUENT_LICENSE_TOPIC_REPLICATION_FACTOR: "1",
      KAFKA_CONFLUENT_BALANCER_TOPIC_REPLICATION_FACTOR: "1",
    });
  }

  /** Has the setup job create a topic. `Topic` calls it. */
  addTopic(topic: TopicDeclaration): void {
    this.topics.push(topic);
  }
}

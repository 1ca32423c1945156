import { Construct } from "constructs";
import { Cassandra } from "./components/cassandra";
import { Kafka } from "./components/kafka";
import { Postgres } from "./components/postgres";
import { SchemaRegistry } from "./components/schema-registry";
import { Topic } from "./components/topic";
import { ZooKeeper } from "./components/zookeeper";
import { Images } from "./images";
import { Settings } from "./settings";

/** Properties of {@link Foundation}. */
export interface FoundationProps {
  readonly images: Images;
  readonly settings: Settings;
}

const HOUR = 60 * 60 * 1000;

/**
 * The servers that hold data, and what they hold: topics, schemas, staging tables, the keyspace. The pipeline's apps
 * stand on it; so do the tests of the apps.
 */
export class Foundation extends Construct {
  readonly zookeeper: ZooKeeper;
  readonly kafka: Kafka;
  readonly schemaRegistry: SchemaRegistry;
  readonly postgres: Postgres;
  readonly cassandra: Cassandra;

  /** Users as they were staged. */
  readonly usersCreated: Topic;
  /** Users after cleaning and enrichment. */
  readonly usersProcessed: Topic;
  /** Sign-ups per minute, country and gender. */
  readonly userStats: Topic;
  /** Messages that can never be processed, with the reason. */
  readonly deadLetters: Topic;

  constructor(scope: Construct, id: string, { images, settings }: FoundationProps) {
    super(scope, id);
    const { ports, memory, heap, partitions } = settings;
    const { servers, setup: setupImage } = images;

    this.zookeeper = new ZooKeeper(this, "zookeeper", {
      image: servers.zookeeper,
      publishedPort: ports.zookeeper,
      memory: memory.zookeeper,
      heap: heap.zookeeper,
    });
    this.kafka = new Kafka(this, "kafka", {
      image: servers.kafka,
      setupImage,
      zookeeper: this.zookeeper,
      publishedPort: ports.kafka,
      memory: memory.broker,
      heap: heap.broker,
    });
    this.schemaRegistry = new SchemaRegistry(this, "schema-registry", {
      image: servers.schemaRegistry,
      setupImage,
      kafka: this.kafka,
      publishedPort: ports.schemaRegistry,
      memory: memory.schemaRegistry,
      heap: heap.schemaRegistry,
    });
    this.postgres = new Postgres(this, "postgres", {
      image: servers.postgres,
      setupImage,
      publishedPort: ports.postgres,
      memory: memory.postgres,
    });
    this.cassandra = new Cassandra(this, "cassandra", {
      image: servers.cassandra,
      setupImage,
      publishedPort: ports.cassandra,
      memory: memory.cassandra,
      heap: heap.cassandra,
    });

    const topic = (name: string, props: { partitions: number; schemaFile: string }) =>
      new Topic(this, name, {
        kafka: this.kafka,
        partitions: props.partitions,
        config: {
          "retention.ms": String(settings.topicRetentionHours * HOUR),
          // Readers compare the times in a record with it, and a record's writer could set any.
          "message.timestamp.type": "LogAppendTime",
        },
        value: { schemaRegistry: this.schemaRegistry, schemaFile: props.schemaFile },
      });
    this.usersCreated = topic("users_created", { partitions, schemaFile: "user_created.avsc" });
    this.usersProcessed = topic("users_processed", { partitions, schemaFile: "user_processed.avsc" });
    this.userStats = topic("user_stats", { partitions: 1, schemaFile: "user_stats.avsc" });
    this.deadLetters = new Topic(this, "users_dlq", {
      kafka: this.kafka,
      partitions: 1,
      config: {
        // Dead letters have no expiry, and room for their headers beside the largest message of the other topics.
        "retention.ms": "-1",
        "max.message.bytes": String(8 * 1024 * 1024),
      },
    });
  }
}

import { Construct } from "constructs";
import { Grantee } from "../workload";
import { Kafka } from "./kafka";
import { SchemaRegistry } from "./schema-registry";

/** Properties of {@link Topic}. */
export interface TopicProps {
  readonly kafka: Kafka;
  readonly partitions: number;
  /**
   * Topic settings that differ from the broker's, by Kafka's names.
   * @default - none
   */
  readonly config?: Readonly<Record<string, string>>;
  /**
   * The Avro schema of the values: its file, relative to apps/schemas or absolute, and the registry it is registered with.
   * @default - values are opaque bytes
   */
  readonly value?: { readonly schemaRegistry: SchemaRegistry; readonly schemaFile: string };
}

/** How a grant tells the app which topic it is. */
export interface TopicGrant {
  /**
   * The environment variable that gets the topic's name.
   * @default KAFKA_TOPIC
   */
  readonly env?: string;
}

/** A Kafka topic. Its id is its name. */
export class Topic extends Construct {
  readonly name: string;
  readonly partitions: number;
  readonly config: Readonly<Record<string, string>>;
  private readonly kafka: Kafka;
  private readonly schemaRegistry?: SchemaRegistry;

  constructor(scope: Construct, id: string, props: TopicProps) {
    super(scope, id);
    this.name = id;
    this.partitions = props.partitions;
    this.config = props.config ?? {};
    this.kafka = props.kafka;
    this.schemaRegistry = props.value?.schemaRegistry;
    props.kafka.addTopic(this);
    props.value?.schemaRegistry.addSubject(`${this.name}-value`, props.value.schemaFile);
  }

  /** Lets an app consume the topic. */
  grantRead(grantee: Grantee, grant: TopicGrant = {}): void {
    this.grantConnect(grantee, grant);
  }

  /** Lets an app produce to the topic. */
  grantWrite(grantee: Grantee, grant: TopicGrant = {}): void {
    this.grantConnect(grantee, grant);
  }

  /** Without security on the broker, reading and writing need the same: to reach it, and the topic to exist. */
  private grantConnect(grantee: Grantee, grant: TopicGrant): void {
    for (const client of grantee.workloads) {
      client.addEnv({
        KAFKA_BOOTSTRAP_SERVERS: this.kafka.bootstrapServers,
        [grant.env ?? "KAFKA_TOPIC"]: this.name,
      });
      client.connectTo(this.kafka.workload, "internal");
      client.node.addDependency(this.kafka.setup);
      this.schemaRegistry?.addClient(client);
    }
  }
}

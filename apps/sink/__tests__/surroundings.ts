import { randomUUID } from "node:crypto";
import {
  AvroEncoder,
  type AvroSchema,
  SchemaRegistry,
  schemas,
  type UserProcessed,
  type UserStats,
} from "@pipeline/common";
import { AppProcess, bundle, freePort, until } from "@pipeline/common/testing/app-process";
import { SHORT_WAIT, testKafka, TOPICS_TIMEOUT_MS } from "@pipeline/common/testing/kafka";
import { type TestServices, testServices } from "@pipeline/common/testing/services";
import type { Admin, CompressionTypes, Kafka, KafkaMessage, Message, Producer } from "kafkajs";

const services = testServices();
const PARTITIONS = 3;

/**
 * A sink's surroundings of a test's own, on real services: topics and a consumer group. The tables of Cassandra are
 * shared: tests know their rows by ids of their own.
 */
export class Surroundings {
  readonly id = randomUUID();
  readonly usersTopic = `users-${this.id}`;
  readonly statsTopic = `stats-${this.id}`;
  readonly deadLettersTopic = `dead-letters-${this.id}`;
  readonly groupId = `sink-${this.id}`;
  readonly #apps: AppProcess[] = [];
  readonly #client: Kafka;
  readonly admin: Admin;
  readonly #producer: Producer;

  private constructor(
    private readonly kafka: TestServices["kafka"],
    private readonly file: string,
    private readonly users: AvroEncoder<UserProcessed>,
    private readonly stats: AvroEncoder<UserStats>,
  ) {
    this.#client = testKafka("test", kafka);
    this.admin = this.#client.admin();
    this.#producer = this.#client.producer();
  }

  /**
   * @param options.topics whether the topics exist already, as after the deploy job
   * @param options.kafka the broker; the test services' by default
   */
  static async create(
    options: { topics?: boolean; kafka?: TestServices["kafka"] } = {},
  ): Promise<Surroundings> {
    const made = new Surroundings(
      options.kafka ?? services.kafka,
      await sinkFile(),
      new AvroEncoder(schemas.userProcessed, await schemaId("users_processed-value", schemas.userProcessed)),
      new AvroEncoder(schemas.userStats, await schemaId("user_stats-value", schemas.userStats)),
    );
    await made.admin.connect();
    await made.#producer.connect();
    if (options.topics ?? true) await made.createTopics();
    return made;
  }

  async createTopics(): Promise<void> {
    await this.admin.createTopics({
      timeout: TOPICS_TIMEOUT_MS,
      topics: [
        { topic: this.usersTopic, numPartitions: PARTITIONS, configEntries: largest(3_000_000) },
        { topic: this.statsTopic, numPartitions: 1 },
        { topic: this.deadLettersTopic, numPartitions: 1, configEntries: largest(8_000_000) },
      ],
    });
  }

  /** The environment of a sink in these surroundings. */
  async env(): Promise<Record<string, string>> {
    const { schemaRegistry, cassandra } = services;
    return {
      KAFKA_BOOTSTRAP_SERVERS: this.kafka.bootstrapServers,
      KAFKA_TOPIC: this.usersTopic,
      KAFKA_STATS_TOPIC: this.statsTopic,
      KAFKA_DLQ_TOPIC: this.deadLettersTopic,
      KAFKA_GROUP_ID: this.groupId,
      SCHEMA_REGISTRY_URL: schemaRegistry.url,
      CASSANDRA_HOST: cassandra.host,
      CASSANDRA_PORT: String(cassandra.port),
      CASSANDRA_DATACENTER: cassandra.datacenter,
      CASSANDRA_KEYSPACE: cassandra.keyspace,
      CASSANDRA_USER: "sink",
      CASSANDRA_PASSWORD: cassandra.users.sink,
      PORT: String(await freePort()),
    };
  }

  /** Starts a sink of the bundled app. */
  async start(env: Record<string, string> = {}): Promise<AppProcess> {
    const app = new AppProcess(this.file, { ...(await this.env()), ...env });
    this.#apps.push(app);
    return app;
  }

  /** A record of the topic of processed users, in the wire format. */
  userMessage(user: UserProcessed): Message {
    return { key: user.id, value: this.users.encode(user) };
  }

  /** Publishes users, in order, as the stream job does. */
  async publishUsers(users: UserProcessed[]): Promise<void> {
    await this.publish(
      this.usersTopic,
      users.map((user) => this.userMessage(user)),
    );
  }

  /** How a newer or older version of the stream job writes users: with a schema that nobody has met yet. */
  async userWriter(schema: AvroSchema): Promise<AvroEncoder<UserProcessed>> {
    return new AvroEncoder(schema, await register(`${this.usersTopic}-value`, schema));
  }

  /** Publishes sign-up counts, in order, as the stream job does. */
  async publishStats(stats: UserStats[]): Promise<void> {
    const messages = stats.map((record) => ({
      key: [record.minute, record.country_code, record.gender].join("|"),
      value: this.stats.encode(record),
    }));
    await this.publish(this.statsTopic, messages);
  }

  /** Publishes any bytes as one batch. */
  async publish(topic: string, messages: Message[], compression?: CompressionTypes): Promise<void> {
    await this.#producer.send({ topic, messages, acks: -1, ...(compression && { compression }) });
  }

  /** Waits until there are so many dead letters; returns them in order. */
  async deadLetters(count: number): Promise<KafkaMessage[]> {
    const groupId = `${this.groupId}-dead-letters-${randomUUID()}`;
    const consumer = this.#client.consumer({ groupId, ...SHORT_WAIT });
    const found: KafkaMessage[] = [];
    await consumer.connect();
    try {
      await consumer.subscribe({ topic: this.deadLettersTopic, fromBeginning: true });
      await consumer.run({
        eachMessage: ({ message }) => {
          found.push(message);
          return Promise.resolve();
        },
      });
      await until(`there are ${count} dead letters`, () => found.length >= count);
      return found;
    } finally {
      await consumer.disconnect();
    }
  }

  /** Committed offsets of the topic's partitions, as numbers; 0 for none. */
  async committed(topic: string): Promise<number[]> {
    const [offsets] = await this.admin.fetchOffsets({ groupId: this.groupId, topics: [topic] });
    return offsets!.partitions
      .sort((a, b) => a.partition - b.partition)
      .map(({ offset }) => Math.max(0, Number(offset)));
  }

  /** Waits until everything published so far is committed. */
  async allCommitted(timeoutMs?: number): Promise<void> {
    for (const topic of [this.usersTopic, this.statsTopic]) {
      const ends = await this.admin.fetchTopicOffsets(topic);
      const end = ends.reduce((sum, { high }) => sum + Number(high), 0);
      await until(
        `all ${end} records of ${topic} are committed`,
        async () => (await this.committed(topic)).reduce((a, b) => a + b, 0) === end,
        timeoutMs,
      );
    }
  }

  /** Stops what runs and removes what was made. */
  async remove(): Promise<void> {
    await Promise.all(this.#apps.map((app) => app.stop("SIGKILL")));
    await this.#producer.disconnect();
    await this.admin.deleteTopics({
      timeout: TOPICS_TIMEOUT_MS,
      topics: [this.usersTopic, this.statsTopic, this.deadLettersTopic],
    });
    await this.admin.disconnect();
  }
}

const largest = (bytes: number) => [{ name: "max.message.bytes", value: String(bytes) }];

async function schemaId(subject: string, schema: object): Promise<number> {
  return new SchemaRegistry(services.schemaRegistry.url).idOf(subject, schema);
}

/** Registers a schema as the deploy job does; returns its id. */
async function register(subject: string, schema: AvroSchema): Promise<number> {
  const response = await fetch(`${services.schemaRegistry.url}/subjects/${subject}/versions`, {
    method: "POST",
    headers: { "content-type": "application/vnd.schemaregistry.v1+json" },
    body: JSON.stringify({ schema: JSON.stringify(schema) }),
  });
  return ((await response.json()) as { id: number }).id;
}

let built: Promise<string> | undefined;
function sinkFile(): Promise<string> {
  built ??= bundle("sink/src/main.ts");
  return built;
}

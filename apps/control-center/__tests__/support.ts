import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import {
  AvroEncoder,
  type AvroSchema,
  SchemaRegistry,
  schemas,
  type UserCreated,
  type UserProcessed,
} from "@pipeline/common";
import { AppProcess, bundle, freePort, until } from "@pipeline/common/testing/app-process";
import { SHORT_WAIT, testKafka, TOPICS_TIMEOUT_MS } from "@pipeline/common/testing/kafka";
import { type TestServices, testServices } from "@pipeline/common/testing/services";
import { type BuildOptions, buildSync } from "esbuild";
import { type Admin, type Consumer, type Message, Partitioners, type Producer } from "kafkajs";

const services = testServices();
const PARTITIONS = 3;

/** A real HTTP server that answers /metrics with a text, as the pipeline's apps do. */
export class MetricsServer {
  /** What it answers. */
  text = "";

  private constructor(private readonly server: Server) {}

  static async start(): Promise<MetricsServer> {
    const server = createServer((request, response) => {
      response
        .writeHead(request.url === "/metrics" ? 200 : 404, { "content-type": "text/plain" })
        .end(made.text);
    });
    const made = new MetricsServer(server);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return made;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }
}

/** A Control Center with topics, a sink's group and metrics of a test's own, on real services. */
export class Surroundings {
  readonly id = randomUUID().slice(0, 8);
  readonly createdTopic = `created-${this.id}`;
  readonly processedTopic = `processed-${this.id}`;
  readonly statsTopic = `stats-${this.id}`;
  readonly deadLettersTopic = `dead-letters-${this.id}`;
  readonly groupId = `sink-${this.id}`;
  readonly admin: Admin;
  readonly #producer: Producer;
  readonly #apps: AppProcess[] = [];

  private constructor(
    private readonly kafka: TestServices["kafka"],
    readonly producer: MetricsServer,
    readonly stream: MetricsServer,
    readonly sink: MetricsServer,
    private readonly created: AvroEncoder<UserCreated>,
    private readonly processed: AvroEncoder<UserProcessed>,
  ) {
    const client = testKafka("test", kafka);
    this.admin = client.admin();
    this.#producer = client.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  }

  /** @param kafka the broker; the test services' by default */
  static async create(kafka = services.kafka): Promise<Surroundings> {
    const made = new Surroundings(
      kafka,
      await MetricsServer.start(),
      await MetricsServer.start(),
      await MetricsServer.start(),
      await encoder("users_created-value", schemas.userCreated),
      await encoder("users_processed-value", schemas.userProcessed),
    );
    await made.admin.connect();
    await made.#producer.connect();
    await made.admin.createTopics({
      timeout: TOPICS_TIMEOUT_MS,
      topics: [
        { topic: made.createdTopic, numPartitions: PARTITIONS },
        { topic: made.processedTopic, numPartitions: PARTITIONS },
        { topic: made.statsTopic, numPartitions: 1 },
        { topic: made.deadLettersTopic, numPartitions: 1 },
      ],
    });
    return made;
  }

  /** Starts the app and waits until it has read everything once. */
  async start(env: Record<string, string> = {}): Promise<ControlCenter> {
    const given = { ...(await this.env()), ...env };
    const app = new AppProcess(await appFile(), given);
    this.#apps.push(app);
    await app.ready();
    return new ControlCenter(app, `http://localhost:${given["PORT"]}`);
  }

  /** The environment of a Control Center in these surroundings. */
  async env(): Promise<Record<string, string>> {
    return {
      CONTROL_CENTER_BOOTSTRAP_SERVERS: this.kafka.bootstrapServers,
      CONTROL_CENTER_SCHEMA_REGISTRY_URL: services.schemaRegistry.url,
      PRODUCER_URL: this.producer.url,
      STREAM_URL: this.stream.url,
      SINK_URL: this.sink.url,
      KAFKA_CREATED_TOPIC: this.createdTopic,
      KAFKA_PROCESSED_TOPIC: this.processedTopic,
      KAFKA_DLQ_TOPIC: this.deadLettersTopic,
      SINK_GROUP_ID: this.groupId,
      PORT: String(await freePort()),
    };
  }

  /** Publishes any bytes. */
  async publish(topic: string, messages: Message[]): Promise<void> {
    await this.#producer.send({ topic, messages, acks: -1 });
  }

  /** Publishes users as the producer does. */
  async publishCreated(users: UserCreated[]): Promise<void> {
    await this.publish(
      this.createdTopic,
      users.map((user) => ({ key: user.id, value: this.created.encode(user) })),
    );
  }

  /** Publishes users as the stream job does. */
  async publishProcessed(users: UserCreated[]): Promise<void> {
    const processed = users.map((user) => ({
      key: user.id,
      value: this.processed.encode({
        ...user,
        full_name: `${user.first_name} ${user.last_name}`,
        age: 40,
        age_group: "35-44",
        email_domain: "example.org",
        country_code: user.nat,
      }),
    }));
    await this.publish(this.processedTopic, processed);
  }

  /** Commits everything that is in the topic of processed users, as the sink does. */
  async commitProcessed(): Promise<void> {
    const ends = await this.admin.fetchTopicOffsets(this.processedTopic);
    const partitions = ends.map(({ partition, high }) => ({ partition, offset: high }));
    await this.admin.setOffsets({ groupId: this.groupId, topic: this.processedTopic, partitions });
  }

  /** A consumer of a topic, in a group; it commits nothing. */
  async consume(topic: string, groupId: string): Promise<Consumer> {
    const consumer = testKafka("reader", this.kafka).consumer({ groupId, ...SHORT_WAIT });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({ autoCommit: false, eachMessage: () => Promise.resolve() });
    return consumer;
  }

  /** Ids of all consumer groups on the broker. */
  async groups(): Promise<string[]> {
    return (await this.admin.listGroups()).groups.map(({ groupId }) => groupId).sort();
  }

  /** Stops what runs and removes what was made. */
  async remove(): Promise<void> {
    await Promise.all(this.#apps.map((app) => app.stop("SIGKILL")));
    await Promise.all([this.producer.stop(), this.stream.stop(), this.sink.stop()]);
    await this.#producer.disconnect();
    await this.admin.deleteTopics({
      timeout: TOPICS_TIMEOUT_MS,
      topics: [this.createdTopic, this.processedTopic, this.statsTopic, this.deadLettersTopic],
    });
    await this.admin.deleteGroups([this.groupId]).catch(() => {});
    await this.admin.disconnect();
  }
}

/** A running Control Center and how to ask it. */
export class ControlCenter {
  constructor(
    readonly app: AppProcess,
    readonly url: string,
  ) {}

  /** The JSON that a path of the API answers. */
  async get<T>(path: string): Promise<T> {
    const response = await fetch(this.url + path);
    if (!response.ok) throw new Error(`${path}: HTTP ${response.status}: ${await response.text()}`);
    return (await response.json()) as T;
  }

  /** Waits until an answer of the API is as wanted; returns it. */
  async when<T>(path: string, isAsWanted: (answer: T) => boolean): Promise<T> {
    let answer: T | undefined;
    const ask = async () => {
      answer = await this.get<T>(path);
      return isAsWanted(answer);
    };
    await until(() => `${path} answers as wanted, and not ${JSON.stringify(answer)}`, ask);
    return answer!;
  }
}

/** A user with personal data in every field. */
export function userOf(n: number, version = Date.now() * 1000 + n): UserCreated {
  return {
    id: `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`,
    version,
    staged_at: version,
    first_name: "Ada",
    last_name: "Lovelace",
    gender: "female",
    address: "12 St James's Square",
    post_code: "SW1Y 4JH",
    city: "London",
    state: "England",
    country: "United Kingdom",
    nat: "GB",
    email: "ada@example.org",
    username: "countess",
    dob: Date.UTC(1815, 11, 10),
    registered_date: Date.UTC(2020, 0, 2),
    phone: "020 7946 0000",
    picture: "https://example.org/ada.jpg",
  };
}

async function encoder<T extends object>(subject: string, schema: AvroSchema): Promise<AvroEncoder<T>> {
  return new AvroEncoder<T>(
    schema,
    await new SchemaRegistry(services.schemaRegistry.url).idOf(subject, schema),
  );
}

const WEB = join(__dirname, "../web");

/** Builds what browsers get, with the options that the image is built with. */
function bundleFrontEnd(outdir: string): void {
  const options = JSON.parse(readFileSync(join(WEB, "esbuild.json"), "utf8")) as BuildOptions;
  buildSync({ ...options, absWorkingDir: WEB, outdir });
}

let built: Promise<string> | undefined;

/** The app as its image has it: the bundle, and the front end beside it. */
export function appFile(): Promise<string> {
  built ??= bundle("control-center/src/main.ts").then((file) => {
    bundleFrontEnd(join(dirname(file), "public"));
    return file;
  });
  return built;
}

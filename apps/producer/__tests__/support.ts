import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { AvroDecoder, SchemaRegistry, schemas, type UserCreated } from "@pipeline/common";
import { AppProcess, bundle, freePort, until } from "@pipeline/common/testing/app-process";
import { SHORT_WAIT, testKafka, TOPICS_TIMEOUT_MS } from "@pipeline/common/testing/kafka";
import { type TestServices, testServices } from "@pipeline/common/testing/services";
import type { Admin, Consumer } from "kafkajs";
import { Client, type ClientConfig, Pool } from "pg";

const STAGING_SQL = readFileSync(resolve(__dirname, "../../setup/sql/staging.sql"), "utf8");
const services = testServices();

/** Where a test's PostgreSQL is. */
export interface PostgresServer {
  host: string;
  port: number;
  users: { postgres: string };
}

/** A record of the topic, decoded. */
export interface Published {
  key: string;
  partition: number;
  user: UserCreated;
}

/**
 * A producer's surroundings of a test's own, on real services: a database with the staging schema, a topic, a subject with
 * the schema. `rows`, `slot` and so on say what is in them.
 */
export class Surroundings {
  readonly topic = `users-${randomUUID()}`;
  /** Name of the slot, and of the login role with the producer's rights (password: test). */
  readonly slot = `test_${randomUUID().replaceAll("-", "").slice(0, 12)}`;
  /** Everything read from the topic so far, in order per partition. */
  readonly published: Published[] = [];
  /** How often each user was read from the topic. */
  readonly counts = new Map<string, number>();
  readonly #apps: AppProcess[] = [];
  #removed = false;
  readonly #database = `producer_${this.slot}`;
  readonly #admin: Admin;
  readonly #consumer: Consumer;
  /** A superuser in the database; connects again after an outage. */
  readonly db: Pool;

  private constructor(
    private readonly postgres: PostgresServer,
    private readonly kafka: TestServices["kafka"],
    private readonly file: string,
  ) {
    const client = testKafka("test", kafka);
    this.#admin = client.admin();
    this.#consumer = client.consumer({ groupId: this.topic, ...SHORT_WAIT });
    this.db = new Pool(this.connection());
    this.db.on("error", () => {}); // a test may stop the server
  }

  /**
   * @param options.postgres the PostgreSQL server; the test services' by default
   * @param options.kafka the broker; the test services' by default
   * @param options.slot whether the slot exists already, as after the deploy job
   */
  static async create(
    options: {
      postgres?: PostgresServer;
      kafka?: TestServices["kafka"];
      slot?: boolean;
      schema?: boolean;
    } = {},
  ): Promise<Surroundings> {
    const { postgres = services.postgres, kafka = services.kafka, slot = true, schema = true } = options;
    const made = new Surroundings(postgres, kafka, await producerFile());
    try {
      await made.#createDatabase(slot);
      if (schema) await made.registerSchema();
      await made.#createTopic();
    } catch (error) {
      await made.remove();
      throw error;
    }
    return made;
  }

  async #createDatabase(slot: boolean): Promise<void> {
    await this.#asSuperuser((admin) => admin.query(`CREATE DATABASE ${this.#database}`));
    await this.db.query(STAGING_SQL);
    await this.db.query(
      `CREATE ROLE ${this.slot} LOGIN REPLICATION PASSWORD 'test' IN ROLE staging_publisher`,
    );
    if (slot) await this.db.query("SELECT pg_create_logical_replication_slot($1, 'pgoutput')", [this.slot]);
  }

  async #createTopic(): Promise<void> {
    await this.#admin.connect();
    await this.#admin.createTopics({
      timeout: TOPICS_TIMEOUT_MS,
      topics: [{ topic: this.topic, numPartitions: 3 }],
    });
    await this.#consumer.connect();
    await this.#consumer.subscribe({ topic: this.topic, fromBeginning: true });
    const registry = new SchemaRegistry(services.schemaRegistry.url);
    const decoder = new AvroDecoder<UserCreated>(schemas.userCreated, registry);
    await this.#consumer.run({
      eachMessage: async ({ message, partition }) => {
        const user = { ...(await decoder.decode(message.value!)) };
        const key = message.key!.toString();
        this.published.push({ key, partition, user });
        this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
      },
    });
  }

  /** How a superuser connects to one of the server's databases. */
  connection(database = this.#database): ClientConfig {
    const { host, port, users } = this.postgres;
    return { host, port, user: "postgres", password: users.postgres, database };
  }

  async registerSchema(): Promise<void> {
    const response = await fetch(`${services.schemaRegistry.url}/subjects/${this.topic}-value/versions`, {
      method: "POST",
      headers: { "content-type": "application/vnd.schemaregistry.v1+json" },
      body: JSON.stringify({ schema: JSON.stringify(schemas.userCreated) }),
    });
    if (!response.ok) throw new Error(`could not register the schema: HTTP ${response.status}`);
  }

  /** Starts a producer of the bundled app. */
  async start(env: Record<string, string> = {}): Promise<AppProcess> {
    const app = new AppProcess(this.file, {
      KAFKA_BOOTSTRAP_SERVERS: this.kafka.bootstrapServers,
      KAFKA_TOPIC: this.topic,
      SCHEMA_REGISTRY_URL: services.schemaRegistry.url,
      POSTGRES_HOST: this.postgres.host,
      POSTGRES_PORT: String(this.postgres.port),
      POSTGRES_DB: this.#database,
      POSTGRES_USER: this.slot,
      POSTGRES_PASSWORD: "test",
      POSTGRES_SLOT: this.slot,
      PORT: String(await freePort()),
      ...env,
    });
    this.#apps.push(app);
    return app;
  }

  /** Stages new users, each in a transaction of its own unless told; returns their ids. */
  async stage(count: number, options: { perTransaction?: number } = {}): Promise<string[]> {
    const ids: string[] = [];
    while (ids.length < count) {
      const { rows } = await this.db.query<{ id: string }>(
        `INSERT INTO staging.users (id, first_name, address, dob, raw)
         SELECT gen_random_uuid(), 'First', repeat('long street ', 30), '1980-02-29 12:00+00', '{"secret": "not published"}'
         FROM generate_series(1, $1) RETURNING id`,
        [Math.min(options.perTransaction ?? 1, count - ids.length)],
      );
      ids.push(...rows.map(({ id }) => id));
    }
    return ids;
  }

  /** The newest version of a user read from the topic. */
  newest(id: string): UserCreated | undefined {
    return this.published
      .filter(({ key }) => key === id)
      .map(({ user }) => user)
      .reduce<UserCreated | undefined>((a, b) => (a && a.version > b.version ? a : b), undefined);
  }

  /** Waits until all these users are read from the topic. */
  async arrived(ids: string[], timeoutMs?: number): Promise<void> {
    await until(
      `${ids.length} users are in the topic`,
      () => ids.every((id) => this.counts.has(id)),
      timeoutMs,
    );
  }

  /** Waits until everything committed up to now is confirmed by the slot. */
  async confirmed(timeoutMs?: number): Promise<void> {
    const { rows } = await this.db.query<{ end: string }>("SELECT pg_current_wal_lsn() AS end");
    await until(
      "the slot is confirmed up to the last commit",
      async () => {
        const { rowCount } = await this.db.query(
          "SELECT FROM pg_replication_slots WHERE slot_name = $1 AND confirmed_flush_lsn >= $2",
          [this.slot, rows[0]!.end],
        );
        return rowCount === 1;
      },
      timeoutMs,
    );
  }

  /** Stops what runs and removes what was made. */
  async remove(): Promise<void> {
    if (this.#removed) return; // the test after this one made none of its own
    this.#removed = true;
    await Promise.all(this.#apps.map((app) => app.stop("SIGKILL")));
    await this.#consumer.disconnect();
    await this.#admin.connect();
    // It may not have come to make it.
    await this.#admin.deleteTopics({ timeout: TOPICS_TIMEOUT_MS, topics: [this.topic] }).catch(() => {});
    await this.#admin.disconnect();
    await this.db.end();
    await this.#asSuperuser(async (admin) => {
      const slots = "SELECT slot_name FROM pg_replication_slots WHERE database = $1";
      await until("no slot is in use", async () => {
        const { rowCount } = await admin.query(`${slots} AND active`, [this.#database]);
        return rowCount === 0;
      });
      await admin.query(`SELECT pg_drop_replication_slot(slot_name) FROM (${slots}) AS s`, [this.#database]);
      await admin.query(`DROP DATABASE IF EXISTS ${this.#database} WITH (FORCE)`);
      await admin.query(`DROP ROLE IF EXISTS ${this.slot}`);
    });
  }

  async #asSuperuser(work: (admin: Client) => Promise<unknown>): Promise<void> {
    const admin = new Client(this.connection("postgres"));
    await admin.connect();
    try {
      await work(admin);
    } finally {
      await admin.end();
    }
  }
}

let built: Promise<string> | undefined;
function producerFile(): Promise<string> {
  built ??= bundle("producer/src/main.ts");
  return built;
}

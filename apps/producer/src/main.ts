import {
  AvroEncoder,
  createKafka,
  createLogger,
  createMetrics,
  reasonOf,
  retry,
  runMain,
  SchemaRegistry,
  schemas,
  Shutdown,
  startOperationsServer,
  type UserCreated,
} from "@pipeline/common";
import { producerConfig } from "./config";
import { producerReadiness } from "./dependencies";
import { producerMetrics } from "./metrics";
import { Publisher } from "./publisher";
import { Relay } from "./relay";
import { connectionConfig, Staging } from "./staging";

/** Time to finish after SIGTERM, milliseconds. */
const GRACE = 20_000;

/** staging.users → Kafka, by the replication slot. See Relay for how. */
async function main(): Promise<void> {
  const config = producerConfig();
  const logger = createLogger("producer", config.LOG_LEVEL);
  const shutdown = new Shutdown(logger, GRACE);
  const readiness = producerReadiness(logger);
  const connection = connectionConfig(config);
  const staging = new Staging(connection, logger);
  shutdown.add("PostgreSQL pool", () => staging.end());

  const registry = createMetrics("producer", readiness);
  const metrics = producerMetrics(registry, () =>
    staging.slotLag(config.POSTGRES_SLOT).catch(() => undefined),
  );
  const server = await startOperationsServer({ port: config.PORT, readiness, metrics: registry });
  shutdown.add("HTTP server", () => server.close());
  logger.info({ port: server.port }, "started");

  const schemaRegistry = new SchemaRegistry(config.SCHEMA_REGISTRY_URL);
  const schemaId = await retry(
    () => schemaRegistry.idOf(`${config.KAFKA_TOPIC}-value`, schemas.userCreated),
    {
      signal: shutdown.signal,
      maxDelayMs: 5_000,
      onFailure: (error) => readiness.down("schema-registry", reasonOf(error)),
    },
  );
  readiness.up("schema-registry");

  const publisher = new Publisher({
    kafka: createKafka({ brokers: config.KAFKA_BOOTSTRAP_SERVERS, clientId: "producer", logger }),
    topic: config.KAFKA_TOPIC,
    encoder: new AvroEncoder<UserCreated>(schemas.userCreated, schemaId),
    staging,
    metrics,
    readiness,
    logger,
  });
  shutdown.add("Kafka client", () => publisher.disconnect());
  const relay = new Relay({
    connection,
    slot: config.POSTGRES_SLOT,
    publication: config.POSTGRES_PUBLICATION,
    publisher,
    staging,
    metrics,
    readiness,
    logger,
  });
  const watching = publisher.watch(shutdown.signal);
  shutdown.add("Kafka watch", () => watching);
  const relaying = relay.run(shutdown.signal);
  shutdown.add("relay", () => relaying);
  await Promise.all([relaying, watching]);
}

runMain(main);

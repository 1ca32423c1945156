import { join } from "node:path";
import {
  ClusterReader,
  createKafka,
  createLogger,
  createMetrics,
  loadConfig,
  Readiness,
  runMain,
  SchemaRegistry,
  Shutdown,
} from "@pipeline/common";
import { CONFIG_SPEC } from "./config";
import { addRoutes } from "./http/routes";
import { createServer } from "./http/server";
import { serveStaticFiles } from "./http/static-files";
import { Configs } from "./kafka/configs";
import { DeadLetters } from "./kafka/dead-letters";
import { Tails } from "./kafka/tail";
import { AvroValues } from "./messages/avro-values";
import { ProcessingLag } from "./pipeline/processing-lag";
import { Sampler } from "./pipeline/sampler";
import { RegistryClient } from "./registry-client";

const GRACE_MS = 10_000;
const CLIENT_ID = "control-center";
/** The front end's built files lie beside the bundle. */
const PUBLIC = join(__dirname, "public");

async function main(): Promise<void> {
  const config = loadConfig(CONFIG_SPEC);
  const logger = createLogger(CLIENT_ID, config.LOG_LEVEL);
  const shutdown = new Shutdown(logger, GRACE_MS);
  const readiness = new Readiness<"kafka" | "schema-registry">(
    ["kafka", "schema-registry"],
    (dependency, { ok, reason }) =>
      ok ? logger.info({ dependency }, "available") : logger.warn({ dependency, reason }, "waiting"),
  );
  const metrics = createMetrics(CLIENT_ID, readiness);

  const brokers = config.CONTROL_CENTER_BOOTSTRAP_SERVERS;
  const kafka = createKafka({ brokers, clientId: CLIENT_ID, logger });
  const admin = kafka.admin();
  shutdown.add("Kafka admin", () => admin.disconnect());
  const reader = new ClusterReader(kafka, { brokers, clientId: CLIENT_ID });
  const tailReader = new ClusterReader(kafka, { brokers, clientId: CLIENT_ID });
  shutdown.add("Kafka readers", async () => {
    await Promise.all([reader.close(), tailReader.close()]);
  });

  const registry = new RegistryClient(config.CONTROL_CENTER_SCHEMA_REGISTRY_URL);
  const avro = new AvroValues(new SchemaRegistry(config.CONTROL_CENTER_SCHEMA_REGISTRY_URL));
  const deadLetters = new DeadLetters(reader, config.KAFKA_DLQ_TOPIC);
  const sampler = new Sampler({
    config,
    reader,
    admin,
    processingLag: new ProcessingLag(reader, avro, deadLetters),
    deadLetters,
    readiness,
    checkRegistry: () => registry.check(),
    logger,
  });
  const tails = new Tails(tailReader, logger, shutdown.signal);

  const server = createServer({ readiness, metrics, logger });
  addRoutes(server, {
    config,
    sampler,
    reader,
    tails,
    deadLetters,
    configs: new Configs(admin),
    avro,
    registry,
  });
  serveStaticFiles(server, PUBLIC);
  await server.listen({ port: config.PORT, host: "0.0.0.0" });
  shutdown.add("HTTP server", () => server.close());
  logger.info({ port: config.PORT }, "started");

  const sampling = sampler.run(shutdown.signal);
  shutdown.add("sampler", () => sampling);
  await sampling;
}

runMain(main);

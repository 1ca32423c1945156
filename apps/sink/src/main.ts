import {
  createLogger,
  createMetrics,
  loadConfig,
  Readiness,
  runMain,
  Shutdown,
  startOperationsServer,
} from "@pipeline/common";
import { Cassandra } from "./cassandra";
import { CONFIG_SPEC } from "./config";
import { runSink } from "./sink";
import { Statements } from "./statements";
import type { Dependency } from "./storer";

const GRACE_MS = 20_000;

async function main(): Promise<void> {
  const config = loadConfig(CONFIG_SPEC);
  const logger = createLogger("sink", config.LOG_LEVEL);
  const shutdown = new Shutdown(logger, GRACE_MS);
  const readiness = new Readiness<Dependency>(
    ["kafka", "schema-registry", "cassandra"],
    (dependency, { ok, reason }) =>
      ok ? logger.info({ dependency }, "available") : logger.warn({ dependency, reason }, "waiting"),
  );
  const metrics = createMetrics("sink", readiness);
  const operations = await startOperationsServer({ port: config.PORT, readiness, metrics });
  shutdown.add("operations server", () => operations.close());

  const statements = new Statements(config.CASSANDRA_KEYSPACE);
  const database = new Cassandra(
    {
      hosts: config.CASSANDRA_HOST,
      port: config.CASSANDRA_PORT,
      datacenter: config.CASSANDRA_DATACENTER,
      user: config.CASSANDRA_USER,
      password: config.CASSANDRA_PASSWORD,
    },
    statements,
  );
  shutdown.add("cassandra", () => database.close());

  const running = runSink({ config, database, statements, readiness, metrics, logger }, shutdown.signal);
  shutdown.add("sink", () => running);
  await running;
}

runMain(main);

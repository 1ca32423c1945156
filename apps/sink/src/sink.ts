import {
  createKafka,
  type Logger,
  pause,
  type Readiness,
  retry,
  SchemaRegistry,
  schemas,
  UnknownSchemaError,
} from "@pipeline/common";
import { Partitioners } from "kafkajs";
import type { Registry } from "prom-client";
import type { Database } from "./cassandra";
import type { SinkConfig } from "./config";
import { consume } from "./consumer";
import { DeadLetters } from "./dead-letters";
import { describeError } from "./errors";
import { SinkMetrics } from "./metrics";
import { type RecordKind, signupsKind, usersKind } from "./record-kinds";
import { Slots } from "./slots";
import type { Statements } from "./statements";
import { type Dependency, PATIENCE, Storer } from "./storer";

/** Records in flight over all partitions: more gains nothing on a small cluster and adds delay to each. */
const RECORDS_IN_FLIGHT = 128;

/** How often an idle sink asks whether Cassandra is there. */
const IDLE_CHECK_INTERVAL_MS = 10_000;

/** What {@link runSink} works with. */
export interface SinkOptions {
  config: SinkConfig;
  database: Database;
  statements: Statements;
  readiness: Readiness<Dependency>;
  metrics: Registry;
  logger: Logger;
}

/**
 * The sink from end to end: waits until Cassandra and the registry can be used, then consumes until told to stop.
 *
 * @param stopping when aborted: drains, then resolves
 */
export async function runSink(options: SinkOptions, stopping: AbortSignal): Promise<void> {
  const { config, database, statements, readiness, logger } = options;
  const registry = new SchemaRegistry(config.SCHEMA_REGISTRY_URL);
  const kafka = createKafka({ brokers: config.KAFKA_BOOTSTRAP_SERVERS, clientId: "sink", logger });
  const { DefaultPartitioner: createPartitioner } = Partitioners;
  const producer = kafka.producer({ allowAutoTopicCreation: false, createPartitioner });
  const deadLetters = new DeadLetters(producer, config.KAFKA_DLQ_TOPIC);
  const slots = new Slots(RECORDS_IN_FLIGHT);
  const metrics = new SinkMetrics(options.metrics, () => slots.taken);
  const kinds = new Map<string, RecordKind>([
    [config.KAFKA_TOPIC, usersKind(registry, database, statements)],
    [config.KAFKA_STATS_TOPIC, signupsKind(registry, database, statements)],
  ]);
  const storer = new Storer({ kinds, deadLetters, readiness, metrics, logger });

  const waitUntilUsable = async (dependency: Dependency, check: () => Promise<unknown>) => {
    const onFailure = (error: unknown) => readiness.down(dependency, describeError(error));
    await retry(check, { ...PATIENCE, signal: stopping, onFailure });
    readiness.up(dependency);
  };
  try {
    await Promise.all([
      waitUntilUsable("cassandra", () => database.check()),
      waitUntilUsable("schema-registry", () => checkRegistry(registry, config.KAFKA_TOPIC)),
    ]);
  } catch (error) {
    if (stopping.aborted) return;
    throw error;
  }
  try {
    const { KAFKA_GROUP_ID: groupId } = config;
    const topics = [...kinds.keys()];
    const watching = watchWhileIdle(database, slots, readiness, stopping);
    await consume({ kafka, groupId, topics, storer, slots, readiness, metrics, logger }, stopping);
    await watching;
  } finally {
    await deadLetters.close();
  }
}

/** Any answer will do: the sink reads schemas by id, whether this very one is registered is not its affair. */
async function checkRegistry(registry: SchemaRegistry, topic: string): Promise<void> {
  try {
    await registry.idOf(`${topic}-value`, schemas.userProcessed);
  } catch (error) {
    if (!(error instanceof UnknownSchemaError)) throw error;
  }
}

/** Keeps the readiness true to Cassandra while there is nothing to store that would show it. */
async function watchWhileIdle(
  database: Database,
  slots: Slots,
  readiness: Readiness<Dependency>,
  stopping: AbortSignal,
): Promise<void> {
  for (;;) {
    try {
      await pause(IDLE_CHECK_INTERVAL_MS, stopping);
    } catch {
      return;
    }
    if (slots.taken > 0) continue;
    try {
      await database.check();
      readiness.up("cassandra");
    } catch (error) {
      readiness.down("cassandra", describeError(error));
    }
  }
}

import { Kafka, logLevel } from "kafkajs";
import { testServices } from "./services";

/** How long the broker may take to make or delete topics, milliseconds: 5 s, the default, are too few for a busy one. */
export const TOPICS_TIMEOUT_MS = 120_000;

/** For consumers: how long the broker may hold an empty fetch, which a consumer that leaves waits for. */
export const SHORT_WAIT = { maxWaitTimeInMs: 250 };

/**
 * A client of a broker, patient with a busy machine.
 * @param kafka the broker; the test services' by default
 */
export function testKafka(clientId = "test", kafka = testServices().kafka): Kafka {
  return new Kafka({
    clientId,
    brokers: [kafka.bootstrapServers],
    connectionTimeout: 30_000,
    requestTimeout: TOPICS_TIMEOUT_MS + 10_000,
    retry: { retries: 20, maxRetryTime: 5_000 },
    logLevel: logLevel.NOTHING,
  });
}

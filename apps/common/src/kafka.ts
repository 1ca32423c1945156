import { Kafka, logLevel } from "kafkajs";
import { readEveryCodec } from "./codecs";
import { kafkaLogCreator, type Logger } from "./logging";
import { quietRequestQueues } from "./quiet-queue";

quietRequestQueues();
readEveryCodec();

/**
 * A client of Kafka with the settings all our apps share. Its own retries are few and short: they bridge a leader
 * election. Longer outages are the caller's to wait for, who can say so in its readiness.
 *
 * @param options.clientId shows in the broker's log and metrics
 */
export function createKafka(options: { brokers: string[]; clientId: string; logger: Logger }): Kafka {
  return new Kafka({
    brokers: options.brokers,
    clientId: options.clientId,
    connectionTimeout: 10_000,
    requestTimeout: 30_000,
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 5 },
    logLevel: logLevel.WARN,
    logCreator: kafkaLogCreator(options.logger),
  });
}

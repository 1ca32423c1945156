import { ClusterReader } from "@pipeline/common/cluster-reader";
import { DeadLetterTopic } from "@pipeline/common/dead-letters/topic";
import { reasonOf } from "@pipeline/common/logging";
import { Kafka, logLevel } from "kafkajs";
import { Settings } from "../../infra/settings";
import { UserError } from "./errors";

const DEAD_LETTERS = "users_dlq";

/** Creates a client of the broker at its published port. */
export function publishedKafka(ports: Settings["ports"]): Kafka {
  return new Kafka({
    brokers: [addressOf(ports)],
    logLevel: logLevel.NOTHING,
    retry: { retries: 1 },
    connectionTimeout: 5000,
  });
}

/**
 * Opens the dead letter topic through the published port.
 * @throws UserError if the topic cannot be read
 */
export async function withDeadLetters<T>(
  ports: Settings["ports"],
  use: (letters: DeadLetterTopic) => Promise<T>,
): Promise<T> {
  const reader = new ClusterReader(publishedKafka(ports), {
    brokers: [addressOf(ports)],
    clientId: "pipeline",
  });
  try {
    return await use(new DeadLetterTopic(reader, DEAD_LETTERS));
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(
      `cannot read the dead letters at ${addressOf(ports)}: ${reasonOf(error)}; run: make status`,
    );
  } finally {
    await reader.close();
  }
}

function addressOf(ports: Settings["ports"]): string {
  return `127.0.0.1:${ports.kafka}`;
}

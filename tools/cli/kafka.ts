import { Kafka, logLevel } from "kafkajs";
import { ClusterReader } from "../../apps/common/src/cluster-reader";
import { DeadLetterTopic } from "../../apps/common/src/dead-letters/topic";
import { reasonOf } from "../../apps/common/src/logging";
import { Settings } from "../../infra/settings";
import { UserError } from "./errors";

const DEAD_LETTERS = "users_dlq";

/** A client of the broker at its published port. */
export function publishedKafka(ports: Settings["ports"]): Kafka {
  return new Kafka({
    brokers: [addressOf(ports)],
    logLevel: logLevel.NOTHING,
    retry: { retries: 1 },
    connectionTimeout: 5000,
  });
}

/**
 * Works with the topic of dead letters through the published port.
 * @throws UserError when it cannot be read
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
      `the dead letters cannot be read at ${addressOf(ports)}: ${reasonOf(error)}; make status shows what runs`,
    );
  } finally {
    await reader.close();
  }
}

function addressOf(ports: Settings["ports"]): string {
  return `127.0.0.1:${ports.kafka}`;
}

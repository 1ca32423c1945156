import execa from "execa";
import { Kafka, logLevel } from "kafkajs";
import { until } from "./app-process";
import { testServices } from "./services";

/**
 * Runs a part of a test while the broker of the test services is stopped. Afterwards, also when that part failed, the
 * broker runs and takes requests, and so does the registry, which keeps its schemas there: the next test needs both.
 */
export async function withoutBroker(during: () => Promise<void>): Promise<void> {
  const { broker } = testServices().containers;
  await execa("docker", ["stop", "--time", "120", broker]);
  try {
    await during();
  } finally {
    await execa("docker", ["start", broker]);
    await until("the broker takes requests", brokerAnswers);
    await until("the registry answers", registryAnswers);
  }
}

async function brokerAnswers(): Promise<boolean> {
  const brokers = [testServices().kafka.bootstrapServers];
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING, retry: { retries: 0 } }).admin();
  try {
    await admin.connect();
    const { controller } = await admin.describeCluster();
    // The last to come: consumer groups, whose offsets are read first.
    await admin.fetchOffsets({ groupId: "nobody", topics: ["users_created"] });
    return controller !== null;
  } catch {
    return false;
  } finally {
    await admin.disconnect();
  }
}

async function registryAnswers(): Promise<boolean> {
  const subjects = fetch(`${testServices().schemaRegistry.url}/subjects`);
  return subjects.then(
    ({ ok }) => ok,
    () => false,
  );
}

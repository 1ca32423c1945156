import { env, loadConfig } from "@pipeline/common/config";
import { createKafka } from "@pipeline/common/kafka";
import { createLogger } from "@pipeline/common/logging";
import { type Admin, ConfigResourceTypes, ConfigSource, KafkaJSAggregateError } from "kafkajs";
import { z } from "zod";
import { type Command, setupFile } from "../command";
import { readDeclaration, uniqueBy } from "../declaration";
import { SetupError } from "../errors";
import { outcomeOf, type Report } from "../report";
import { waitFor } from "../wait";

/** The declaration file of `setup topics`: the wanted topics. Configuration not named here is the broker's. */
const topicsDeclaration = z.strictObject({
  topics: z
    .array(
      z.strictObject({
        name: z
          .string()
          .regex(/^[a-zA-Z0-9._-]{1,249}$/, "must be 1 to 249 letters, digits, '.', '_' or '-'"),
        partitions: z.int().positive(),
        config: z
          .record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String))
          .default({}),
      }),
    )
    .refine(uniqueBy("name"), "names a topic twice"),
});

/** What the controller may take for a change: a broker that has just started on a busy machine needs more than 5 s. */
const CONTROLLER_TIMEOUT_MS = 25_000;

type Topic = z.infer<typeof topicsDeclaration>["topics"][number];

/** A topic as the broker has it; `null`: not there. */
interface TopicState {
  partitions: number;
  config: Record<string, string>;
}

/**
 * Creates what is missing, adds partitions, sets the configuration to exactly what is declared, and waits
 * until every partition has a leader. Nothing is changed when any topic cannot be brought to its declaration.
 */
async function setupTopics(
  bootstrapServers: string[],
  { topics }: z.infer<typeof topicsDeclaration>,
  report: Report,
): Promise<void> {
  const logger = createLogger("setup", "silent");
  const admin = createKafka({ brokers: bootstrapServers, clientId: "setup", logger }).admin();
  try {
    await waitFor(`Kafka at ${bootstrapServers.join(",")}`, () => connect(admin), { report });
    const states = await readStates(admin, topics);
    refuseFewerPartitions(topics, states);
    for (const topic of topics) {
      const before = states.get(topic.name) ?? null;
      await apply(admin, topic, before);
      const after = { partitions: topic.partitions, config: sorted(topic.config) };
      report.thing("topic", topic.name, outcomeOf(before, after), describe(topic, before));
    }
    await waitFor("a leader for every partition", () => assertLeaders(admin, topics), { report });
  } finally {
    await admin.disconnect();
  }
}

async function connect(admin: Admin): Promise<void> {
  await admin.connect();
  const { controller } = await admin.describeCluster();
  if (controller === null) throw new Error("it has no controller yet");
}

async function readStates(admin: Admin, topics: Topic[]): Promise<Map<string, TopicState>> {
  const present = new Set(await admin.listTopics());
  const names = topics.map((topic) => topic.name).filter((name) => present.has(name));
  if (names.length === 0) return new Map();
  const metadata = await admin.fetchTopicMetadata({ topics: names });
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: names.map((name) => ({ type: ConfigResourceTypes.TOPIC, name })),
  });
  return new Map(
    resources.map((resource) => {
      const own = resource.configEntries.filter((entry) => entry.configSource === ConfigSource.TOPIC_CONFIG);
      const partitions = metadata.topics.find((topic) => topic.name === resource.resourceName)?.partitions;
      const config = sorted(Object.fromEntries(own.map((entry) => [entry.configName, entry.configValue])));
      return [resource.resourceName, { partitions: partitions?.length ?? 0, config }];
    }),
  );
}

function refuseFewerPartitions(topics: Topic[], states: Map<string, TopicState>): void {
  const mistakes = topics.flatMap((topic) => {
    const now = states.get(topic.name)?.partitions ?? 0;
    return now > topic.partitions
      ? [`${topic.name} has ${now} partitions, declared are ${topic.partitions}`]
      : [];
  });
  if (mistakes.length === 0) return;
  throw new SetupError(
    `Kafka cannot take partitions away from a topic: ${mistakes.join("; ")}. ` +
      "Declare at least as many as there are, or delete the topic first (its records are lost)",
  );
}

async function apply(admin: Admin, topic: Topic, before: TopicState | null): Promise<void> {
  const configEntries = Object.entries(topic.config).map(([name, value]) => ({ name, value }));
  try {
    if (before === null) {
      const wanted = { topic: topic.name, numPartitions: topic.partitions, configEntries };
      await admin.createTopics({ topics: [wanted], timeout: CONTROLLER_TIMEOUT_MS });
      return;
    }
    if (before.partitions < topic.partitions) {
      const wanted = { topic: topic.name, count: topic.partitions };
      await admin.createPartitions({ topicPartitions: [wanted], timeout: CONTROLLER_TIMEOUT_MS });
    }
    if (JSON.stringify(before.config) !== JSON.stringify(sorted(topic.config))) {
      // Not incremental: what is not in the list goes back to the broker's default.
      const resource = { type: ConfigResourceTypes.TOPIC, name: topic.name, configEntries };
      await admin.alterConfigs({ validateOnly: false, resources: [resource] });
    }
  } catch (error) {
    const cause = error instanceof KafkaJSAggregateError ? error.errors[0] : error;
    throw new SetupError(
      `Kafka refuses topic ${topic.name} (${describe(topic, before)}): ${(cause as Error).message}`,
    );
  }
}

/** Partitions without a leader make this fail; so does a topic the asked broker does not know yet. */
async function assertLeaders(admin: Admin, topics: Topic[]): Promise<void> {
  const metadata = await admin.fetchTopicMetadata({ topics: topics.map((topic) => topic.name) });
  const missing = topics.filter((topic) => {
    const partitions = metadata.topics.find((found) => found.name === topic.name)?.partitions ?? [];
    return partitions.filter((partition) => partition.leader >= 0).length < topic.partitions;
  });
  if (missing.length > 0) throw new Error(`none yet in ${missing.map((topic) => topic.name).join(", ")}`);
}

function describe(topic: Topic, before: TopicState | null): string {
  const grown = before !== null && before.partitions !== topic.partitions ? `${before.partitions} → ` : "";
  const settings = Object.entries(sorted(topic.config)).map(([name, value]) => `${name}=${value}`);
  return [`${grown}${topic.partitions} partition${topic.partitions === 1 ? "" : "s"}`, ...settings].join(
    ", ",
  );
}

function sorted(config: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(config).sort(([a], [b]) => a.localeCompare(b)));
}

/** `setup topics`. */
export const topics: Command = {
  summary: "Kafka topics: partitions and configuration",
  async run(environment, report) {
    const config = loadConfig({ ...setupFile, KAFKA_BOOTSTRAP_SERVERS: env.hostPorts() }, environment);
    const declaration = readDeclaration(config.SETUP_FILE, topicsDeclaration);
    await setupTopics(config.KAFKA_BOOTSTRAP_SERVERS, declaration, report);
  },
};

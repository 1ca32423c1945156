import {
  ClusterReader,
  createLogger,
  createMetrics,
  type DeadLetter,
  DeadLetterTopic,
  loadConfig,
  Readiness,
} from "@pipeline/common";
import { until } from "@pipeline/common/testing/app-process";
import { testKafka } from "@pipeline/common/testing/kafka";
import { testServices } from "@pipeline/common/testing/services";
import { ConfigResourceTypes, Partitioners, type Producer } from "kafkajs";
import { CONFIG_SPEC } from "../src/config";
import { runSink } from "../src/sink";
import { crashing, sinkDatabase, StoredRows, testStatements } from "./database";
import { FlakyRegistry } from "./flaky-registry";
import { userRecord } from "./records";
import { Surroundings } from "./surroundings";

const kafka = testKafka();
const reader = new ClusterReader(kafka, {
  brokers: [testServices().kafka.bootstrapServers],
  clientId: "test",
});
let surroundings: Surroundings;
let producer: Producer;
let letters: DeadLetterTopic;
let stored: StoredRows;

async function openLetters(): Promise<DeadLetter[]> {
  const open: DeadLetter[] = [];
  for await (const letter of letters.open()) open.push(letter);
  return open;
}

beforeAll(async () => {
  stored = await StoredRows.open();
});
afterAll(() => Promise.all([reader.close(), stored.close()]));
beforeEach(async () => {
  surroundings = await Surroundings.create();
  letters = new DeadLetterTopic(reader, surroundings.deadLettersTopic);
  // One for each test: it would go on asking about the topics of the one before.
  producer = kafka.producer({
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
});
afterEach(async () => {
  await producer.disconnect();
  await surroundings.remove();
});

test("dead letters have room for the largest record of the data topics, with its headers", async () => {
  const topics = ["users_created", "users_processed", "user_stats", "users_dlq"];
  const { resources } = await surroundings.admin.describeConfigs({
    includeSynonyms: false,
    resources: topics.map((name) => ({
      type: ConfigResourceTypes.TOPIC,
      name,
      configNames: ["max.message.bytes"],
    })),
  });
  const largest = new Map(
    resources.map(({ resourceName, configEntries }) => [resourceName, Number(configEntries[0]!.configValue)]),
  );
  const { users_dlq: ofLetters, ...others } = Object.fromEntries(largest) as Record<string, number>;
  const HEADERS_BYTES = 64 * 1024;
  for (const ofData of Object.values(others)) expect(ofLetters).toBeGreaterThan(ofData + HEADERS_BYTES);

  const value = Buffer.alloc(2_000_000, "x");
  await surroundings.publish(surroundings.usersTopic, [{ key: "large", value }]);
  await surroundings.start();
  const [letter] = await surroundings.deadLetters(1);
  expect(letter!.value!.equals(value)).toBe(true);
  await surroundings.allCommitted();
});

test("a record that was fixed meanwhile is stored when it is replayed", async () => {
  const registry = await FlakyRegistry.start(testServices().schemaRegistry.url);
  try {
    const user = userRecord();
    const message = surroundings.userMessage(user);
    registry.unknownId = (message.value as Buffer).readUInt32BE(1);
    await surroundings.start({ SCHEMA_REGISTRY_URL: registry.url });
    await surroundings.publish(surroundings.usersTopic, [message]);
    await surroundings.allCommitted();
    const open = await openLetters();
    expect(open).toMatchObject([{ stage: "sink", source: { key: user.id }, schemaId: registry.unknownId }]);

    registry.unknownId = undefined;
    const sent = new Map([[surroundings.usersTopic, 1]]);
    expect(await letters.replay(() => true, producer)).toEqual({ sent, failed: 0, failures: [] });
    await until("the user is stored", async () => (await stored.countOf([user.id])) === 1);
    await surroundings.allCommitted();
    expect(await openLetters()).toEqual([]);
  } finally {
    await registry.close();
  }
});

test("a record that fails again is the same letter, open again", async () => {
  await surroundings.start();
  await surroundings.publish(surroundings.usersTopic, [
    { key: "poison", value: "poison", partition: 1 },
    { key: "empty", value: null, partition: 1 },
  ]);
  await surroundings.allCommitted();
  const first = await openLetters();
  expect(first.map(({ source }) => source.offset).sort()).toEqual([0, 1]);

  expect((await letters.replay(() => true, producer)).failed).toBe(0);
  await surroundings.allCommitted();
  const again = await openLetters();
  const identities = (found: typeof first) => found.map(({ key, source }) => [key, source]).sort();
  expect(identities(again)).toEqual(identities(first));
  expect(Math.min(...again.map(({ offset }) => offset))).toBeGreaterThan(first.at(-1)!.offset);
});

test("a letter is written before its offset is committed; written again after a crash, it counts once", async () => {
  const user = userRecord();
  const poison = { key: "poison", value: "poison" };
  await surroundings.publish(
    surroundings.usersTopic,
    [surroundings.userMessage(user), poison].map((message) => ({ ...message, partition: 0 })),
  );
  // Cassandra never takes the user, so that the offset of what follows cannot be committed.
  const cassandra = sinkDatabase();
  const database = crashing(cassandra, { requests: 0, done: [] });
  const crash = new AbortController();
  const readiness = new Readiness(["kafka", "schema-registry", "cassandra"] as const);
  const running = runSink(
    {
      config: loadConfig(CONFIG_SPEC, await surroundings.env()),
      database,
      statements: testStatements(),
      readiness,
      metrics: createMetrics("sink", readiness),
      logger: createLogger("sink", "silent"),
    },
    crash.signal,
  );
  await surroundings.deadLetters(1);
  crash.abort(new Error("crash"));
  await running;
  await cassandra.close();
  expect(await surroundings.committed(surroundings.usersTopic)).toEqual([0, 0, 0]);

  await surroundings.start();
  await surroundings.allCommitted();
  expect(await stored.countOf([user.id])).toBe(1);
  expect(await surroundings.deadLetters(2)).toHaveLength(2);
  expect(await openLetters()).toMatchObject([{ key: `sink|${surroundings.usersTopic}|0|1`, offset: 1 }]);
});

import { randomUUID } from "node:crypto";
import { testKafka, TOPICS_TIMEOUT_MS } from "@pipeline/common/testing/kafka";
import { testServices } from "@pipeline/common/testing/services";
import { type Admin, ConfigResourceTypes } from "kafkajs";
import { SetupCli } from "./cli";

const { bootstrapServers } = testServices().kafka;
const events = `setup-test-${randomUUID()}`;
const letters = `${events}.dlq`;

let cli: SetupCli;
let admin: Admin;
beforeAll(async () => {
  cli = new SetupCli();
  admin = testKafka().admin();
  await admin.connect();
});
afterAll(async () => {
  await admin.deleteTopics({ timeout: TOPICS_TIMEOUT_MS, topics: [events, letters] });
  await admin.disconnect();
  cli.remove();
});

const setup = (...topics: object[]) =>
  cli.run(["topics"], { KAFKA_BOOTSTRAP_SERVERS: bootstrapServers }, { topics });

async function partitions(topic: string): Promise<number | undefined> {
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
  return topics[0]?.partitions.length;
}

async function config(name: string, key: string): Promise<string | undefined> {
  const resource = { type: ConfigResourceTypes.TOPIC, name, configNames: [key] };
  const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: [resource] });
  return resources[0]?.configEntries[0]?.configValue;
}

// One story: each step finds what the former left.
it("creates topics with their configuration; numbers and booleans may be written as such", async () => {
  const wanted = {
    name: letters,
    partitions: 1,
    config: { "max.message.bytes": 4194304, preallocate: false },
  };
  expect(await setup({ name: events, partitions: 2 }, wanted)).toEqual({
    code: 0,
    lines: [
      `topic ${events} created 2 partitions`,
      `topic ${letters} created 1 partition, max.message.bytes=4194304, preallocate=false`,
    ],
    error: "",
  });
  expect(await partitions(events)).toBe(2);
  expect(await config(letters, "max.message.bytes")).toBe("4194304");
});

it("leaves what is as declared", async () => {
  const wanted = {
    name: letters,
    partitions: 1,
    config: { preallocate: "false", "max.message.bytes": "4194304" },
  };
  const { code, lines } = await setup({ name: events, partitions: 2 }, wanted);
  expect([code, lines.map((line) => line.split(" ")[2])]).toEqual([0, ["unchanged", "unchanged"]]);
});

it("adds partitions", async () => {
  const { lines } = await setup({ name: events, partitions: 3 });
  expect(lines).toEqual([`topic ${events} updated 2 → 3 partitions`]);
  expect(await partitions(events)).toBe(3);
});

it("changes configuration, and takes back what is no longer declared", async () => {
  const wanted = { name: letters, partitions: 1, config: { "retention.ms": 1000000 } };
  expect((await setup(wanted)).lines).toEqual([`topic ${letters} updated 1 partition, retention.ms=1000000`]);
  expect(await config(letters, "retention.ms")).toBe("1000000");
  expect(await config(letters, "max.message.bytes")).toBe("1048588");
});

it("refuses fewer partitions before it changes anything", async () => {
  const { code, lines, error } = await setup(
    { name: letters, partitions: 2 },
    { name: events, partitions: 2 },
  );
  expect([code, lines]).toEqual([1, []]);
  expect(error).toBe(
    `setup topics: Kafka cannot take partitions away from a topic: ${events} has 3 partitions, declared are 2. ` +
      "Declare at least as many as there are, or delete the topic first (its records are lost)\n",
  );
  expect(await partitions(letters)).toBe(1);
});

it("reports which topic the broker refuses, and resumes from there after the repair", async () => {
  const topic = (policy: string) => ({ name: events, partitions: 3, config: { "cleanup.policy": policy } });
  const { code, error } = await setup(topic("nonsense"));
  expect([code, error]).toEqual([
    1,
    `setup topics: Kafka refuses topic ${events} (3 partitions, cleanup.policy=nonsense): Configuration is invalid\n`,
  ]);
  expect((await setup(topic("compact"))).lines).toEqual([
    `topic ${events} updated 3 partitions, cleanup.policy=compact`,
  ]);
});

import { Kafka, logLevel, Partitioners } from "kafkajs";
import { settings } from "../../cli/project";
import { Stager } from "../../bench/users";
import type { DockerFault } from "./scene";

/** An id that no registry gets to within the life of this pipeline. */
const UNKNOWN_SCHEMA = 2_000_000_000;
/** Bytes: more than the topics take. */
const TOO_LARGE = 2 * 1024 * 1024;
/** Schema ids are given in the order of registration; this one exists since the first deploy. */
const KNOWN_SCHEMA = 1;

function framed(schemaId: number, body: Buffer): Buffer {
  const header = Buffer.alloc(5);
  header.writeUInt32BE(schemaId, 1);
  return Buffer.concat([header, body]);
}

/** Values that can never be processed, each for another reason. */
const VALUES: readonly (Buffer | null)[] = [
  Buffer.from("no magic byte"),
  // A string of negative length.
  framed(KNOWN_SCHEMA, Buffer.from([0xff, 0xff, 0xff, 0xff])),
  framed(UNKNOWN_SCHEMA, Buffer.from("whatever")),
  null,
];
const TOPICS = ["users_created", "users_processed"];

/** Sends the values to both topics, and a value to the first that it must refuse. */
async function sendPoison(): Promise<void> {
  const brokers = [`127.0.0.1:${settings().ports.kafka}`];
  const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING });
  const producer = kafka.producer({
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  try {
    for (const topic of TOPICS)
      await producer.send({ topic, messages: VALUES.map((value) => ({ key: "poison", value })) });
    const large = { topic: TOPICS[0]!, messages: [{ key: "poison", value: Buffer.alloc(TOO_LARGE) }] };
    const taken = await producer.send(large).then(
      () => true,
      () => false,
    );
    if (taken) throw new Error(`${large.topic} accepted a value of ${TOO_LARGE} bytes; expected a rejection`);
  } finally {
    await producer.disconnect();
  }
}

/** Stages a user whose record the topic does not take. */
async function stageTooLarge(passwords: Readonly<Record<string, string>>): Promise<void> {
  const stager = new Stager(settings().ports, passwords);
  await stager.connect();
  try {
    await stager.stage(1, "x".repeat(TOO_LARGE));
  } finally {
    await stager.end();
  }
}

/** Records that can never be processed, between those that can. */
export const POISON: readonly DockerFault[] = [
  {
    id: "poison",
    title: "no magic byte, wrong Avro, unknown schema, no value; 2 MB staged",
    goal: 30,
    // Each value by Spark and by the sink, and the row.
    setAside: VALUES.length * TOPICS.length + 1,
    async act({ passwords }) {
      await Promise.all([sendPoison(), stageTooLarge(passwords)]);
    },
  },
];

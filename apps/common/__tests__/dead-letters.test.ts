import { randomUUID } from "node:crypto";
import { type Admin, type Message, Partitioners, type Producer } from "kafkajs";
import {
  ClusterReader,
  countByReason,
  DeadLetterTopic,
  DLQ_HEADERS,
  LetterLedger,
  letterKey,
  placeOf,
  type RawRecord,
  readLetter,
} from "../src";
import { testKafka, TOPICS_TIMEOUT_MS } from "../testing/kafka";
import { testServices } from "../testing/services";

const rawRecord = (
  headers: Record<string, string | Buffer>,
  changes: Partial<RawRecord> = {},
): RawRecord => ({
  topic: "users_dlq",
  partition: 0,
  offset: 7,
  time: 1_700_000_000_000,
  key: Buffer.from("stream|users_created|2|41"),
  value: Buffer.from("oops"),
  headers: Object.entries(headers).map(([name, value]) => ({ name, value: Buffer.from(value) })),
  ...changes,
});
const COMPLETE = {
  "dlq.stage": "stream",
  "dlq.reason": "the bytes do not fit the schema they name",
  "dlq.error.class": "decode",
  "dlq.topic": "users_created",
  "dlq.partition": "2",
  "dlq.offset": "41",
  "dlq.key": "u1",
  "dlq.schema.id": "3",
  "dlq.time": "2026-01-02T03:04:05.678901Z",
};

describe("letterKey", () => {
  const place = { topic: "users_processed", partition: 2, offset: "17" };

  it("names a record's place, and stays the same when the record is replayed", () => {
    expect(letterKey("sink", place, undefined)).toBe("sink|users_processed|2|17");
    expect(letterKey("sink", place, "sink|users_processed|0|3")).toBe("sink|users_processed|0|3");
    expect(placeOf("sink|users_processed|0|3")).toEqual({
      topic: "users_processed",
      partition: "0",
      offset: "3",
    });
  });

  it.each(["stream|users_processed|0|3", "sink|users_processed|0|x", "sink|users_processed|0|3|4", ""])(
    "is not taken over from the header %j",
    (replay) => expect(letterKey("sink", place, replay)).toBe("sink|users_processed|2|17"),
  );
});

describe("readLetter", () => {
  it("reads what the stages write", () => {
    expect(readLetter(rawRecord(COMPLETE))).toEqual({
      key: "stream|users_created|2|41",
      partition: 0,
      offset: 7,
      time: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
      stage: "stream",
      errorClass: "decode",
      reason: "the bytes do not fit the schema they name",
      source: { topic: "users_created", partition: 2, offset: 41, key: "u1" },
      schemaId: 3,
      size: 4,
    });
  });

  it("makes the best of what is missing or wrong", () => {
    const headers = {
      "dlq.partition": "two",
      "dlq.offset": "-1",
      "dlq.time": "yesterday",
      "dlq.key": Buffer.from([0xff, 0]),
    };
    expect(readLetter(rawRecord(headers, { key: null }))).toMatchObject({
      key: "0/7",
      time: 1_700_000_000_000,
      stage: null,
      reason: null,
      source: { topic: null, partition: null, offset: null, key: "0xff00" },
      schemaId: null,
    });
  });
});

describe("countByReason", () => {
  it("counts by stage and reason, the most frequent first", () => {
    const letters = [{}, { "dlq.stage": "sink" }, { "dlq.offset": "42" }].map((changes) =>
      readLetter(rawRecord({ ...COMPLETE, ...changes })),
    );
    expect(countByReason([...letters, readLetter(rawRecord({}))])).toEqual([
      { stage: "stream", reason: COMPLETE["dlq.reason"], count: 2 },
      { stage: "unknown", reason: "no reason given", count: 1 },
      { stage: "sink", reason: COMPLETE["dlq.reason"], count: 1 },
    ]);
  });
});

/** Everything that a stream gives. */
async function collected<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const each of stream) all.push(each);
  return all;
}

describe("LetterLedger", () => {
  const letter = (key: string, offset: number) => rawRecord(COMPLETE, { key: Buffer.from(key), offset });
  const marker = (key: string, replayed: number, offset: number) =>
    rawRecord({ [DLQ_HEADERS.replayed]: String(replayed) }, { key: Buffer.from(key), offset, value: null });
  const countsOf = (...records: RawRecord[]) => {
    const ledger = new LetterLedger();
    records.forEach((record) => ledger.note(record));
    return { total: ledger.total, open: ledger.open, a: ledger.isOpen("a"), newest: ledger.newestOffsets(9) };
  };

  it("counts a record that was set aside twice once, as its newest letter", () => {
    const expected = { total: 2, open: 2, a: true, newest: [2, 1] };
    expect(countsOf(letter("a", 0), letter("b", 1), letter("a", 2))).toEqual(expected);
    expect(countsOf(letter("a", 2), letter("b", 1), letter("a", 0), letter("a", 2))).toEqual(expected);
  });

  it("closes a letter that was replayed, until it fails again, in whatever order both are written", () => {
    expect(countsOf(letter("a", 0), marker("a", 0, 1))).toMatchObject({ total: 1, open: 0, a: false });
    expect(countsOf(letter("a", 0), marker("a", 0, 1), letter("a", 2))).toMatchObject({ open: 1, a: true });
    expect(countsOf(letter("a", 0), letter("a", 1), marker("a", 0, 2))).toMatchObject({ open: 1, a: true });
    expect(countsOf(marker("a", 1, 3), letter("a", 1))).toMatchObject({ total: 1, open: 0 });
    expect(countsOf(marker("b", 0, 1))).toMatchObject({ total: 0, open: 0 });
  });

  it("counts many letters, and finds the newest of them", () => {
    const ledger = new LetterLedger();
    for (let offset = 0; offset < 50_000; offset++) ledger.note(letter(`key ${offset % 30_000}`, offset));
    for (let offset = 0; offset < 10_000; offset++)
      ledger.note(marker(`key ${offset}`, offset, 50_000 + offset));
    // The first 20,000 keys have a newer letter than the one that was replayed.
    expect([ledger.total, ledger.open]).toEqual([30_000, 30_000]);
    for (let offset = 30_000; offset < 50_000; offset++) {
      ledger.note(marker(`key ${offset % 30_000}`, offset, 60_000 + offset));
    }
    expect([ledger.total, ledger.open]).toEqual([30_000, 10_000]);
    expect(ledger.newestOffsets(3)).toEqual([49_999, 49_998, 49_997]);
    expect(ledger.newestOffsets(40_000)).toHaveLength(30_000);
  });

  it("takes a letter of a record without a value for a letter", () => {
    expect(countsOf(rawRecord(COMPLETE, { value: null }))).toMatchObject({ total: 1, open: 1 });
  });
});

describe("DeadLetterTopic", () => {
  const kafka = testKafka();
  const admin: Admin = kafka.admin();
  const producer: Producer = kafka.producer({
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  const reader = new ClusterReader(kafka, {
    brokers: [testServices().kafka.bootstrapServers],
    clientId: "test",
  });
  const id = randomUUID();
  const [users, dlq] = [`users-${id}`, `dead-letters-${id}`];
  const letters = new DeadLetterTopic(reader, dlq);
  const openLetters = () => collected(letters.open());
  const all = () => true;

  const recordsOf = async (name: string): Promise<RawRecord[]> => {
    const topic = (await reader.topic(name))!;
    const { next } = (await reader.offsets([topic])).get(name)!.get(0)!;
    const found: RawRecord[] = [];
    while (found.length < next) {
      const positions = new Map([[0, found.length]]);
      const [fetched] = await reader.fetch(topic, positions, { maxBytes: 1_000_000, maxWaitMs: 1_000 });
      found.push(...fetched!.records);
    }
    return found;
  };
  const setAside = async (offset: number, changes: Partial<Message> = {}, topic = users) => {
    const headers = {
      ...COMPLETE,
      "dlq.topic": topic,
      "dlq.partition": "0",
      "dlq.offset": String(offset),
      "dlq.key": `user ${offset}`,
    };
    const message = { key: `stream|${topic}|0|${offset}`, value: `value ${offset}`, headers, ...changes };
    await producer.send({ topic: dlq, acks: -1, messages: [message] });
  };

  beforeAll(async () => {
    await Promise.all([admin.connect(), producer.connect()]);
    await admin.createTopics({
      timeout: TOPICS_TIMEOUT_MS,
      topics: [
        { topic: users, numPartitions: 1, configEntries: [{ name: "max.message.bytes", value: "1000" }] },
        { topic: dlq, numPartitions: 1 },
      ],
    });
  });
  afterAll(async () => {
    await admin.deleteTopics({ timeout: TOPICS_TIMEOUT_MS, topics: [users, dlq] });
    await Promise.all([admin.disconnect(), producer.disconnect(), reader.close()]);
  });

  it("has none at first", async () => {
    expect(await openLetters()).toEqual([]);
    expect(await letters.replay(all, producer)).toEqual({ sent: new Map(), failed: 0, failures: [] });
    await expect(collected(new DeadLetterTopic(reader, "none").open())).rejects.toThrow(
      "there is no topic none",
    );
  });

  it("sends records again as they were, once, and notes it", async () => {
    await setAside(0);
    await setAside(1, { value: null });
    await setAside(0);
    const open = await openLetters();
    expect(open.map(({ offset, source }) => [offset, source.offset])).toEqual([
      [1, 1],
      [2, 0],
    ]);
    expect(await letters.countOpen()).toBe(2);
    expect(await letters.replay(all, producer)).toEqual({
      sent: new Map([[users, 2]]),
      failed: 0,
      failures: [],
    });
    const sent = await recordsOf(users);
    expect(sent.map(({ key, value }) => [String(key), value && String(value)]).sort()).toEqual([
      ["user 0", "value 0"],
      ["user 1", null],
    ]);
    for (const { key, headers } of sent) {
      const letter = `stream|${users}|0|${String(key).slice(-1)}`;
      expect(headers).toEqual([{ name: "dlq.replay", value: Buffer.from(letter) }]);
    }
    expect(await openLetters()).toEqual([]);
  });

  it("sends only those that were chosen, and what fails again is open again", async () => {
    await setAside(0);
    await setAside(2);
    const [again, other] = await openLetters();
    expect(again).toMatchObject({ key: `stream|${users}|0|0`, offset: 5 });
    await letters.replay(({ key }) => key === again!.key, producer);
    expect(await openLetters()).toEqual([other]);
    await letters.replay(all, producer);
    expect(await recordsOf(users)).toHaveLength(4);
  });

  it("keeps open what Kafka does not take, and sends the others", async () => {
    await setAside(3, { value: "x".repeat(2_000) });
    await setAside(4, {}, `nowhere-${id}`);
    await setAside(5, { headers: { "dlq.stage": "stream" } });
    await setAside(6);
    const { sent, failed, failures } = await letters.replay(all, producer);
    expect(sent).toEqual(new Map([[users, 1]]));
    expect(failed).toBe(3);
    const reasons = new Map(failures.map(({ letter, reason }) => [letter.source.offset, reason]));
    expect(reasons.get(3)).toMatch(/larger than the max message size/);
    expect(reasons.get(4)).toMatch(/topic/);
    expect(reasons.get(null)).toBe("the letter does not say where it came from");
    expect(await openLetters()).toHaveLength(3);
  });
});

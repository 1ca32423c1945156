import { pause } from "@pipeline/common";
import { ForeignGroup } from "@pipeline/common/testing/foreign-group";
import type {
  BrokersView,
  CompatibilityView,
  ConfigEntry,
  DeadLetterBytes,
  DeadLettersView,
  GroupSummary,
  GroupView,
  MessagesView,
  MessageView,
  PipelineView,
  Sampled,
  SchemaView,
  SubjectSummary,
  TopicSummary,
  TopicView,
} from "../src/api";
import { MASK } from "../src/messages/masking";
import { type ControlCenter, Surroundings, userOf } from "./support";

let surroundings: Surroundings;
let center: ControlCenter;

beforeAll(async () => {
  surroundings = await Surroundings.create();
  center = await surroundings.start();
});

afterAll(async () => {
  await surroundings.remove();
});

/** Messages of a topic of the test's own that holds nothing but these. */
async function messagesOf(topic: string, query = ""): Promise<MessageView[]> {
  return (await center.get<MessagesView>(`/api/topics/${topic}/messages?${query}`)).messages;
}

/**
 * The first event that the server sends of an event stream. The server follows a topic from the end that it finds, so
 * the test publishes its messages repeatedly.
 */
async function firstEvent(
  path: string,
  publish: () => Promise<void>,
): Promise<{ event: string; data: unknown }> {
  const abort = new AbortController();
  const publishing = (async () => {
    while (!abort.signal.aborted) {
      await publish();
      await pause(200, abort.signal).catch(() => {});
    }
  })();
  try {
    const response = await fetch(center.url + path, { signal: abort.signal });
    let text = "";
    for await (const chunk of response.body!) {
      text += Buffer.from(chunk as Uint8Array).toString();
      const [, event, data] = /^event: (.*)\ndata: (.*)\n\n/m.exec(text) ?? [];
      if (event !== undefined) return { event, data: JSON.parse(data!) };
    }
    throw new Error(`${path} ended without an event: ${text}`);
  } finally {
    abort.abort();
    await publishing;
  }
}

describe("brokers and topics", () => {
  it("describes the brokers", async () => {
    const { data, problem } = await center.get<Sampled<BrokersView>>("/api/brokers");
    expect(problem).toBeNull();
    expect(data!.brokers).toEqual([expect.objectContaining({ isController: true, leads: data!.partitions })]);
    expect(data!.underReplicated).toBe(0);
  });

  it("tells which settings of a broker are not the default", async () => {
    const { data } = await center.get<Sampled<BrokersView>>("/api/brokers");
    const config = await center.get<ConfigEntry[]>(`/api/brokers/${data!.brokers[0]!.id}/config`);
    const entry = (name: string) => config.find((candidate) => candidate.name === name);
    expect(entry("auto.create.topics.enable")).toMatchObject({ value: "false", isDefault: false });
    expect(entry("log.retention.hours")).toMatchObject({ isDefault: true });
  });

  it("describes topics and their partitions", async () => {
    await surroundings.publish(surroundings.statsTopic, [{ value: "1" }, { value: "2" }]);
    const path = `/api/topics/${surroundings.statsTopic}`;
    const { data } = await center.when<Sampled<TopicView>>(path, (view) => view.data?.messages === 2);
    expect(data).toMatchObject({ partitions: 1, isInternal: false, underReplicated: 0 });
    expect(data!.partitionList).toEqual([expect.objectContaining({ id: 0, first: 0, next: 2 })]);
    const { data: topics } = await center.get<Sampled<TopicSummary[]>>("/api/topics");
    expect(topics!.find(({ name }) => name === "__consumer_offsets")).toMatchObject({ isInternal: true });
  });

  it("tells which settings of a topic are not the default", async () => {
    const config = await center.get<ConfigEntry[]>("/api/topics/users_created/config");
    expect(config.filter(({ isDefault }) => !isDefault)).toEqual([
      { name: "message.timestamp.type", value: "LogAppendTime", isDefault: false, source: "this topic" },
      { name: "retention.ms", value: "604800000", isDefault: false, source: "this topic" },
    ]);
  });

  it.each([
    "/api/topics/none",
    "/api/topics/none/config",
    "/api/topics/none/messages",
    "/api/groups/none",
    "/api/none",
  ])("answers 404 to %s", async (path) => {
    await expect(center.get(path)).rejects.toThrow("HTTP 404");
  });
});

describe("messages", () => {
  const users = [1, 2, 3, 4, 5, 6].map((n) => userOf(n, 1_700_000_000_000_000 + n));

  beforeAll(async () => {
    await surroundings.publishCreated(users);
  });

  it("decodes values by the schema they were written with, personal data masked", async () => {
    const messages = await messagesOf(surroundings.createdTopic);
    expect(messages).toHaveLength(6);
    const message = messages.find(({ key }) => key === users[0]!.id)!;
    expect(message.schemaId).toBeGreaterThan(0);
    expect(message.content).toMatchObject({
      kind: "avro",
      schema: "pipeline.users.UserCreated",
      value: {
        id: users[0]!.id,
        version: 1_700_000_000_000_001,
        staged_at: "2023-11-14T22:13:20.000001Z",
        first_name: MASK,
        email: MASK,
        dob: MASK,
        nat: "GB",
      },
      masked: 9,
    });
    expect(JSON.stringify(messages)).not.toMatch(/Ada|ada@|countess|7946|SW1Y|James/);
  });

  it("shows personal data when asked to", async () => {
    const [message] = await messagesOf(surroundings.createdTopic, "reveal=1&limit=1");
    expect(message!.content).toMatchObject({
      masked: 0,
      value: { first_name: "Ada", dob: "1815-12-10T00:00:00.000Z" },
    });
  });

  it("reads the newest, the newest first", async () => {
    const messages = await messagesOf(surroundings.createdTopic, "limit=4");
    expect(messages).toHaveLength(4);
    expect(messages.map(({ time }) => time)).toEqual(
      messages.map(({ time }) => time).toSorted((a, b) => b - a),
    );
  });

  it("reads from an offset of one partition on", async () => {
    const topic = surroundings.statsTopic;
    await surroundings.publish(topic, [{ value: "a" }, { value: "b" }, { value: "c" }, { value: "d" }]);
    const all = await messagesOf(topic);
    const begin = all.length - 3;
    const messages = await messagesOf(topic, `partition=0&from=offset&offset=${begin}&limit=2`);
    expect(messages.map(({ offset }) => offset)).toEqual([begin, begin + 1]);
    expect(await messagesOf(topic, `from=offset&offset=${all.length}`)).toEqual([]);
  });

  it("reads from a time on", async () => {
    const topic = surroundings.deadLettersTopic;
    await surroundings.publish(
      topic,
      [1000, 2000, 3000].map((time) => ({
        key: String(time),
        value: "x",
        timestamp: String(Date.now() - 100_000 + time),
      })),
    );
    const [, second] = (await messagesOf(topic)).toReversed();
    const messages = await messagesOf(topic, `from=time&time=${second!.time}`);
    expect(messages.map(({ key }) => key)).toEqual(["2000", "3000"]);
  });

  it("shows what cannot be decoded as what it is, and hides it until asked", async () => {
    const topic = surroundings.processedTopic;
    const raw = [
      { key: "tombstone", value: null },
      { key: "unknown id", value: Buffer.from("007fffffff0102", "hex") },
      {
        key: "unfit",
        value: Buffer.concat([Buffer.from("00", "hex"), idOf(await schemaId()), Buffer.from("ffff", "hex")]),
      },
      { key: "text", value: "Ada Lovelace" },
      {
        key: "json",
        value: JSON.stringify({ email: "ada@example.org", n: 1 }),
        headers: { h: "v", b: Buffer.from([0xff]) },
      },
      { key: Buffer.from([0xfe, 0x01]), value: Buffer.from([0]) },
      { key: null, value: "" },
    ];
    await surroundings.publish(topic, raw);
    const byKey = (messages: MessageView[]) => new Map(messages.map((message) => [message.key, message]));
    const hidden = byKey(await messagesOf(topic));
    const shown = byKey(await messagesOf(topic, "reveal=1"));

    expect(hidden.get("tombstone")!.content).toEqual({ kind: "tombstone" });
    expect(hidden.get("unknown id")!.content).toMatchObject({ kind: "bytes", hex: null, text: null });
    expect(shown.get("unknown id")!.content).toMatchObject({
      hex: "007fffffff0102",
      reason: expect.stringContaining("2147483647") as string,
    });
    expect(shown.get("unfit")!.content).toMatchObject({
      kind: "bytes",
      reason: expect.stringContaining("do not fit") as string,
    });
    expect(hidden.get("text")!.content).toMatchObject({ kind: "bytes", text: null, hex: null });
    expect(shown.get("text")!.content).toMatchObject({ kind: "bytes", text: "Ada Lovelace" });
    expect(hidden.get("json")).toMatchObject({
      content: { kind: "json", value: { email: MASK, n: 1 }, masked: 1 },
      headers: [
        { name: "h", value: "v" },
        { name: "b", value: "0xff" },
      ],
    });
    expect(shown.get("0xfe01")!.content).toMatchObject({ kind: "bytes", hex: "00" });
    expect(shown.get(null)!.content).toMatchObject({ kind: "bytes", hex: "" });
  });

  it("follows a topic", async () => {
    const path = `/api/topics/${surroundings.statsTopic}/tail`;
    const publish = () => surroundings.publish(surroundings.statsTopic, [{ key: "live", value: "{}" }]);
    expect(await firstEvent(path, publish)).toMatchObject({
      event: "messages",
      data: { messages: [{ key: "live", topic: surroundings.statsTopic }] },
    });
  });

  it.each(["limit=0", "limit=501", "partition=-1", "from=middle", "from=offset&offset=x", "reveal=yes"])(
    "answers 400 to %s",
    async (query) => {
      await expect(messagesOf(surroundings.createdTopic, query)).rejects.toThrow("HTTP 400");
    },
  );

  it("leaves no trace: no group, no offset of anybody", async () => {
    await surroundings.publishProcessed(users);
    await surroundings.commitProcessed();
    const groups = await surroundings.groups();
    const committed = await surroundings.admin.fetchOffsets({ groupId: surroundings.groupId });
    await messagesOf(surroundings.processedTopic);
    await messagesOf(surroundings.processedTopic, "from=offset&offset=1");
    await messagesOf(surroundings.processedTopic, `from=time&time=1`);
    await firstEvent(`/api/topics/${surroundings.processedTopic}/tail`, () =>
      surroundings.publishProcessed(users),
    );
    // The broker may just have forgotten one that nobody uses.
    expect((await surroundings.groups()).filter((group) => !groups.includes(group))).toEqual([]);
    expect(await surroundings.admin.fetchOffsets({ groupId: surroundings.groupId })).toEqual(committed);
  });
});

describe("consumer groups", () => {
  it("tells lag, state and members", async () => {
    const { createdTopic } = surroundings;
    const consumer = await surroundings.consume(createdTopic, `readers-${surroundings.id}`);
    const path = `/api/groups/readers-${surroundings.id}`;
    const { data } = await center
      .when<
        Sampled<GroupView>
      >("/api/groups", ({ data }) => (data as unknown as GroupView[] | null)?.some(({ id, state }) => id === `readers-${surroundings.id}` && state === "Stable") ?? false)
      .then(() => center.get<Sampled<GroupView>>(path));
    expect(data!.memberList).toEqual([expect.objectContaining({ clientId: "reader", partitions: 3 })]);
    expect(data!.partitions.map(({ topic, clientId }) => ({ topic, clientId }))).toEqual(
      Array.from({ length: 3 }, () => ({ topic: createdTopic, clientId: "reader" })),
    );
    await consumer.disconnect();
    await center.when<Sampled<GroupView>>(path, (view) => view.data?.state === "Empty");
    await surroundings.admin.deleteGroups([`readers-${surroundings.id}`]);
  });

  it.each(["connect", "consumer"])(
    "shows a group of the protocol %s whose assignments it cannot read, and continues with the others",
    async (protocolType) => {
      const id = `foreign-${protocolType}-${surroundings.id}`;
      const group = await ForeignGroup.join(id, protocolType, Buffer.from("in a form of its own"));
      try {
        const { data } = await center.when<Sampled<GroupSummary[]>>(
          "/api/groups",
          (groups) => groups.data?.some((each) => each.id === id && each.state === "Stable") ?? false,
        );
        expect(data!.find((each) => each.id === id)).toMatchObject({
          members: 1,
          topics: [],
          problem: expect.stringContaining(`the protocol "${protocolType}"`) as string,
        });
        const view = await center.get<Sampled<GroupView>>(`/api/groups/${id}`);
        expect(view.problem).toBeNull();
        expect(view.data!.memberList).toEqual([expect.objectContaining({ partitions: null })]);
        expect((await fetch(`${center.url}/readyz`)).status).toBe(200);
      } finally {
        await group.leave();
      }
    },
  );
});

describe("schemas", () => {
  it("lists subjects", async () => {
    const subjects = await center.get<SubjectSummary[]>("/api/schemas");
    expect(subjects).toContainEqual({
      subject: "user_stats-value",
      versions: [1],
      compatibility: "BACKWARD_TRANSITIVE",
      type: "AVRO",
    });
  });

  it("shows a version", async () => {
    const schema = await center.get<SchemaView>("/api/schemas/user_stats-value/versions/1");
    expect(JSON.parse(schema.schema)).toMatchObject({ name: "UserStats" });
    await expect(center.get("/api/schemas/user_stats-value/versions/99")).rejects.toThrow("HTTP 404");
  });

  const check = async (schema: string): Promise<CompatibilityView> => {
    const response = await fetch(`${center.url}/api/schemas/user_stats-value/compatibility`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ schema }),
    });
    return (await response.json()) as CompatibilityView;
  };

  it("checks a schema against a subject, and registers nothing", async () => {
    const { schema } = await center.get<SchemaView>("/api/schemas/user_stats-value/versions/1");
    expect(await check(schema)).toEqual({ compatible: true, reasons: [] });
    const parsed = JSON.parse(schema) as { fields: object[] };
    const withField = { ...parsed, fields: [...parsed.fields, { name: "added", type: "string" }] };
    const { compatible, reasons } = await check(JSON.stringify(withField));
    expect(compatible).toBe(false);
    expect(reasons.join()).toContain("added");
    expect(await check("no schema")).toMatchObject({ compatible: false, reasons: [expect.any(String)] });
    expect(
      (await center.get<SubjectSummary[]>("/api/schemas")).find(
        ({ subject }) => subject === "user_stats-value",
      )!.versions,
    ).toEqual([1]);
  });
});

describe("dead letters", () => {
  it("shows where they came from and why, and their bytes on demand", async () => {
    const topic = surroundings.deadLettersTopic;
    const key = "sink|users_processed|1|17";
    const path = "/api/dead-letters?limit=1";
    await surroundings.publish(topic, [
      {
        key,
        value: "not Avro",
        headers: {
          "dlq.stage": "sink",
          "dlq.reason": "not in the wire format",
          "dlq.error.class": "decode",
          "dlq.topic": "users_processed",
          "dlq.partition": "1",
          "dlq.offset": "17",
          "dlq.key": "u1",
          "dlq.time": "2026-01-02T03:04:05.678Z",
        },
      },
    ]);
    const { letters, reasons } = await center.when<DeadLettersView>(path, (view) => view.counts?.total === 4);
    const [letter] = letters;
    expect(letter).toMatchObject({
      stage: "sink",
      reason: "not in the wire format",
      source: { topic: "users_processed", partition: 1, offset: 17, key: "u1" },
      time: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
    });
    expect(reasons).toEqual([{ stage: "sink", reason: "not in the wire format", count: 1 }]);
    const bytes = `/api/dead-letters/${letter!.partition}/${letter!.offset}`;
    expect(await center.get<DeadLetterBytes>(bytes)).toEqual({
      hex: Buffer.from("not Avro").toString("hex"),
      text: "not Avro",
    });
    await expect(center.get("/api/dead-letters/0/999")).rejects.toThrow("HTTP 404");

    // Set aside once more, then replayed.
    await surroundings.publish(topic, [{ key, value: "not Avro", headers: { "dlq.stage": "sink" } }]);
    const replayed = { "dlq.replayed": String(letter!.offset + 1) };
    await surroundings.publish(topic, [{ key, value: null, headers: replayed }]);
    const after = await center.when<DeadLettersView>(path, (view) => view.counts?.open === 3);
    expect(after.counts).toEqual({ total: 4, open: 3 });
    expect(after.letters).toMatchObject([{ key, offset: letter!.offset + 1, isOpen: false }]);
    expect(after.reasons).toEqual([]);
  });
});

describe("pipeline", () => {
  it("counts what waits at each hop", async () => {
    const own = await Surroundings.create();
    try {
      own.producer.text =
        "producer_rows_published_total 3\nproducer_rows_rejected_total 1\nproducer_slot_lag_bytes 512\n";
      own.stream.text = 'stream_query_active{query="users"} 1\n';
      own.sink.text = 'dependency_up{dependency="cassandra"} 0\n';
      const users = [1, 2, 3].map((n) => ({ ...userOf(n), id: userOf(7).id }));
      const now = await own.start();
      await own.publishCreated(users);
      await own.publishProcessed(users.slice(0, 1));
      await own.commitProcessed();
      await own.publishProcessed(users.slice(1, 2));
      const { data } = await now.when<Sampled<PipelineView>>(
        "/api/pipeline",
        // Not a sample from between two of these steps.
        ({ data }) => data?.hops[2]?.total === 2 && data.hops[2].waiting === 1,
      );
      const [staged, created, processed, stored] = data!.hops;
      expect(staged).toMatchObject({ total: 3, waiting: 512 });
      expect(created).toMatchObject({ total: 3 });
      // Users of one transaction came to Kafka at about the same time: see ProcessingLag.
      expect(created!.waiting).toBeGreaterThanOrEqual(1);
      expect(processed).toMatchObject({
        total: 2,
        waiting: 1,
        state: "stalled",
        note: "the sink waits for cassandra",
      });
      expect(stored).toMatchObject({ total: 1 });
      expect(data!.rejected).toBe(1);
      await own.publishProcessed(users.slice(2));
      await now.when<Sampled<PipelineView>>("/api/pipeline", ({ data }) => data?.hops[1]?.waiting === 0);
    } finally {
      await own.remove();
    }
  });
});

async function schemaId(): Promise<number> {
  return (await center.get<SchemaView>("/api/schemas/users_processed-value/versions/1")).id;
}

function idOf(id: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(id);
  return bytes;
}

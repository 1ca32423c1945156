import { randomUUID } from "node:crypto";
import { type AppProcess, until } from "@pipeline/common/testing/app-process";
import { TOPICS_TIMEOUT_MS } from "@pipeline/common/testing/kafka";
import { testServices } from "@pipeline/common/testing/services";
import { type AvroSchema, schemas, type UserProcessed } from "@pipeline/common";
import { locationOf } from "../src/location";
import { CODECS, compressBatches } from "@pipeline/common/testing/compressors";
import { StoredRows } from "./database";
import { statsRecord, userRecord } from "./records";
import { FlakyRegistry } from "./flaky-registry";
import { SlowCassandra } from "./slow-cassandra";
import { Surroundings } from "./surroundings";

let surroundings: Surroundings;
let stored: StoredRows;

beforeAll(async () => {
  stored = await StoredRows.open();
});
afterAll(() => stored.close());
beforeEach(async () => {
  surroundings = await Surroundings.create();
});
afterEach(() => surroundings.remove());

const usersOf = (count: number) => Array.from({ length: count }, () => userRecord());
const placeOf = ({ id, country_code, staged_at }: UserProcessed) =>
  locationOf(id, country_code, new Date(Math.floor(staged_at / 1000)));

/** Waits until so many of the users are in created_users. */
async function untilStored(users: UserProcessed[], count = users.length): Promise<void> {
  const ids = users.map(({ id }) => id);
  await until(`${count} users are stored`, async () => (await stored.countOf(ids)) >= count);
}

/** How many rows users_by_country has for these users, each looked for where it should be. */
async function countByCountry(users: UserProcessed[]): Promise<number> {
  return (await stored.byCountry(users.map(placeOf))).length;
}

describe("what arrives", () => {
  test("a user's fields are in both tables", async () => {
    const user = userRecord({ staged_at: 1_750_000_000_123_456 });
    await surroundings.start();
    await surroundings.publishUsers([user]);
    await surroundings.allCommitted();

    const row = await stored.user(user.id);
    const { id, version, staged_at, dob, registered_date, ...texts } = user;
    expect(row).toMatchObject({
      ...texts,
      dob: new Date(dob!),
      registered_date: new Date(registered_date!),
      staged_at: new Date(1_750_000_000_123),
    });
    expect(String(row!["id"])).toBe(id);
    expect(Number(row!["version"])).toBe(version);
    expect(staged_at).toBe(1_750_000_000_123_456);

    const [byCountry] = await stored.byCountry([placeOf(user)]);
    expect(byCountry).toMatchObject({
      country_code: "GB",
      full_name: "Ada Lovelace",
      gender: "female",
      age_group: "35-44",
      city: "London",
    });
    expect(String(byCountry!["day"])).toBe("2025-06-15");
  });

  test("a user with only the required fields has nulls for the others, and the country ZZ", async () => {
    const { id, version, staged_at } = userRecord();
    const all = userRecord();
    const nulls = Object.fromEntries(
      Object.keys(all).map((name) => [name, null]),
    ) as unknown as UserProcessed;
    const user = { ...nulls, id, version, staged_at };
    await surroundings.start();
    await surroundings.publishUsers([user]);
    await surroundings.allCommitted();

    const row = await stored.user(id);
    for (const name of Object.keys(nulls).filter((name) => !["id", "version", "staged_at"].includes(name))) {
      expect(row).toHaveProperty(name, null);
    }
    expect(await stored.byCountry([placeOf(user)])).toHaveLength(1);
  });

  test("users of older and newer writers, mixed on the topic, are read by the schema each was written with", async () => {
    const { fields, ...record } = schemas.userProcessed as unknown as { fields: { name: string }[] };
    const optional = { name: "salutation", type: ["null", "string"], default: null };
    const version = (changed: object[]) => ({ ...record, fields: changed }) as unknown as AvroSchema;
    // In front of the others, where a field too many or too few makes all of them something else.
    const newer = version([optional, ...fields]);
    const older = version(fields.filter(({ name }) => name !== "first_name"));
    const present = usersOf(10);
    const app = await surroundings.start();
    await surroundings.publishUsers(present);
    await untilStored(present);

    const [toNewer, toOlder] = [await surroundings.userWriter(newer), await surroundings.userWriter(older)];
    const users = usersOf(30).map((user) => ({ ...user, salutation: "Countess" }));
    const messages = users.map((user, i) => {
      const { value } = surroundings.userMessage(user);
      return { key: user.id, value: [toNewer.encode(user), toOlder.encode(user), value][i % 3]! };
    });
    await surroundings.publish(surroundings.usersTopic, messages);
    await surroundings.allCommitted();

    for (const [i, user] of users.entries()) {
      const { first_name, last_name, city } = (await stored.user(user.id))!;
      expect([first_name, last_name, city]).toEqual([i % 3 === 1 ? null : "Ada", "Lovelace", "London"]);
    }
    expect((await app.get("/metrics")).body).not.toMatch(/sink_dead_letters_total\{.*\} [1-9]/);
  });

  test("sign-ups per minute: a later count replaces the earlier, an earlier that comes late does not", async () => {
    // A country per test keeps the shared table's rows apart.
    const minute = Date.UTC(2001, 0, 1) + Math.floor(Math.random() * 10_000_000) * 60_000;
    const counts = [
      statsRecord({ minute, count: 2, version: 20 }),
      statsRecord({ minute, gender: "unknown", count: 1, version: 15 }),
      statsRecord({ minute, count: 5, version: 30 }),
      statsRecord({ minute, count: 1, version: 10 }),
      // A late user raises the count, not the greatest version.
      statsRecord({ minute, gender: "unknown", count: 2, version: 15 }),
    ];
    await surroundings.start();
    await surroundings.publishStats(counts);
    await surroundings.allCommitted();

    const rows = await stored.signups(new Date(minute));
    expect(rows.map((row) => ({ gender: row["gender"] as string, count: Number(row["count"]) }))).toEqual([
      { gender: "female", count: 5 },
      { gender: "unknown", count: 2 },
    ]);
  });
});

describe("batches that other programs compress", () => {
  beforeAll(compressBatches);

  test("are stored, whatever their codec", async () => {
    await surroundings.start();
    const users: UserProcessed[] = [];
    for (const codec of Object.values(CODECS)) {
      const some = usersOf(5);
      users.push(...some);
      const messages = some.map((user) => surroundings.userMessage(user));
      await surroundings.publish(surroundings.usersTopic, messages, codec);
    }
    await untilStored(users);
    await surroundings.allCommitted();
  });

  test("become dead letters when they cannot be decompressed, and the pipeline continues", async () => {
    await surroundings.start();
    // The broker takes it: what it becomes is larger than what the sink decompresses.
    const bomb = { key: "bomb", value: Buffer.alloc(40 * 1024 * 1024), partition: 0 };
    await surroundings.publish(surroundings.usersTopic, [bomb], CODECS.gzip);
    const user = userRecord();
    await surroundings.publish(surroundings.usersTopic, [
      { ...surroundings.userMessage(user), partition: 0 },
    ]);

    const [letter] = await surroundings.deadLetters(1);
    expect(letter!.headers?.["dlq.reason"]?.toString()).toMatch(
      /^its batch \(gzip\) cannot be decompressed: /,
    );
    expect(letter!.headers?.["dlq.error.class"]?.toString()).toBe("decode");
    await untilStored([user]);
    await surroundings.allCommitted();
  });
});

describe("repeated and out of order", () => {
  test("the same records again, as another group reads them, make the same rows", async () => {
    const users = usersOf(50);
    const first = await surroundings.start();
    await surroundings.publishUsers([...users, ...users]);
    await surroundings.allCommitted();
    const before = await Promise.all(users.map(({ id }) => stored.user(id)));
    await first.stop();

    const again = await surroundings.start({ KAFKA_GROUP_ID: `${surroundings.groupId}-again` });
    await again.ready();
    await until("all is read again", async () => (await again.metric("sink_outdated_total")) >= 100);
    expect(await Promise.all(users.map(({ id }) => stored.user(id)))).toEqual(before);
    expect(await countByCountry(users)).toBe(users.length);
  });

  test("an older version later is ignored; a user who changes country moves", async () => {
    const user = userRecord({ country_code: "DE", first_name: "old" });
    const moved = { ...user, version: user.version + 1, country_code: "FR", first_name: "new" };
    await surroundings.start();
    await surroundings.publishUsers([user, moved, user]);
    await surroundings.allCommitted();

    expect(await stored.user(user.id)).toMatchObject({ first_name: "new", country_code: "FR" });
    const rows = await stored.byCountry([placeOf(user), placeOf(moved)]);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ country_code: "FR" });
  });
});

describe("what can never be stored", () => {
  test("becomes a dead letter with its bytes untouched, and the pipeline continues", async () => {
    const good = usersOf(2);
    const [before, after] = good.map((user) => surroundings.userMessage(user));
    const valid = surroundings.userMessage(userRecord()).value as Buffer;
    const unknownId = Buffer.from(valid);
    unknownId.writeUInt32BE(2_000_000_000, 1);
    const poison: [string, string, Buffer | null][] = [
      ["decode", "magic byte", Buffer.from('{"id": "not Avro"}')],
      ["decode", "magic byte", Buffer.alloc(0)],
      ["decode", "do not fit schema id", valid.subarray(0, valid.length - 3)],
      ["decode", "does not know schema id 2000000000", unknownId],
      ["decode", "no value", null],
      ["validation", "id", surroundings.userMessage(userRecord({ id: "42" })).value as Buffer],
      ["validation", "version", surroundings.userMessage(userRecord({ version: 9e15 })).value as Buffer],
    ];
    // One partition, so that the offsets are known.
    await surroundings.publish(
      surroundings.usersTopic,
      [before!, ...poison.map(([, , value], index) => ({ key: `key ${index}`, value })), after!].map(
        (message) => ({ ...message, partition: 1 }),
      ),
    );
    const app = await surroundings.start();
    await surroundings.allCommitted();
    await untilStored(good);

    const letters = await surroundings.deadLetters(poison.length);
    const byKey = new Map(letters.map((letter) => [letter.key!.toString(), letter]));
    for (const [index, [errorClass, reason, value]] of poison.entries()) {
      const letter = byKey.get(`sink|${surroundings.usersTopic}|1|${index + 1}`)!;
      expect(letter.value).toEqual(value);
      const headers = Object.fromEntries(
        Object.entries(letter.headers!).map(([name, text]) => [name, String(text)]),
      );
      expect(headers).toMatchObject({
        "dlq.stage": "sink",
        "dlq.reason": expect.stringContaining(reason) as string,
        "dlq.error.class": errorClass,
        "dlq.topic": surroundings.usersTopic,
        "dlq.partition": "1",
        "dlq.offset": String(index + 1),
        "dlq.key": `key ${index}`,
      });
      expect(Date.parse(headers["dlq.time"]!)).not.toBeNaN();
      const hasSchemaId = !["magic byte", "no value"].includes(reason);
      expect("dlq.schema.id" in headers).toBe(hasSchemaId);
    }
    expect(letters).toHaveLength(poison.length);
    const { body } = await app.get("/metrics");
    expect(body).toMatch(/sink_dead_letters_total\{.*class="decode".*\} 5/);
    expect(body).toMatch(/sink_dead_letters_total\{.*class="validation".*\} 2/);
    expect(app.output).not.toMatch(/Lovelace|ada@example/);
  });

  test("a dead letter that cannot be written holds the offset back, and is written when it can be", async () => {
    const topic = `later-${randomUUID()}`;
    const good = userRecord();
    await surroundings.publish(surroundings.usersTopic, [
      { key: "poison", value: Buffer.from("poison"), partition: 0 },
      { ...surroundings.userMessage(good), partition: 0 },
    ]);
    const app = await surroundings.start({ KAFKA_DLQ_TOPIC: topic });
    await untilStored([good]);
    await app.notReady(topic);
    expect(await surroundings.committed(surroundings.usersTopic)).toEqual([0, 0, 0]);

    await surroundings.admin.createTopics({ timeout: TOPICS_TIMEOUT_MS, topics: [{ topic }] });
    await surroundings.allCommitted();
    await app.ready();
    await surroundings.admin.deleteTopics({ timeout: TOPICS_TIMEOUT_MS, topics: [topic] });
  });
});

describe("crash and stop", () => {
  const MANY = 5_000;
  let slow: SlowCassandra;
  beforeEach(async () => {
    slow = await SlowCassandra.start();
  });
  afterEach(() => slow.close());

  /** Starts a sink that is still busy with users when this returns. */
  async function busy(): Promise<AppProcess> {
    const app = await surroundings.start(slow.env);
    await app.ready();
    await until("some are stored", async () => (await app.metric("sink_last_stored_timestamp_seconds")) > 0);
    return app;
  }

  test("killed in the middle of a batch and started again, nothing is missing", async () => {
    const users = usersOf(MANY);
    await surroundings.publishUsers(users);
    const first = await busy();
    await first.stop("SIGKILL");
    const committed = await surroundings.committed(surroundings.usersTopic);
    expect(committed.reduce((a, b) => a + b)).toBeLessThan(MANY);

    await surroundings.start();
    await surroundings.allCommitted();
    expect(await stored.countOf(users.map(({ id }) => id))).toBe(MANY);
    expect(await countByCountry(users)).toBe(MANY);
  });

  test("SIGTERM: what is in flight is finished and committed, the rest is left for the next", async () => {
    const users = usersOf(MANY);
    const ids = users.map(({ id }) => id);
    await surroundings.publishUsers(users);
    const first = await busy();
    expect(await first.stop("SIGTERM")).toBe(0);
    const committed = (await surroundings.committed(surroundings.usersTopic)).reduce((a, b) => a + b);
    expect(committed).toBeLessThan(MANY);
    expect(await stored.countOf(ids)).toBe(committed);

    // It left the group, so that the next need not wait for a session to end.
    const { groups } = await surroundings.admin.describeGroups([surroundings.groupId]);
    expect(groups[0]!.members).toEqual([]);
    await surroundings.start();
    await surroundings.allCommitted();
    expect(await stored.countOf(ids)).toBe(MANY);
  });
});

describe("before what it depends on", () => {
  test("waits for its topics, saying so, then consumes", async () => {
    const later = await Surroundings.create({ topics: false });
    try {
      const app = await later.start();
      await app.notReady(later.statsTopic);
      expect((await app.get("/livez")).status).toBe(200);
      await later.createTopics();
      await app.ready();
      const user = userRecord();
      await later.publishUsers([user]);
      await later.allCommitted();
      expect(await stored.countOf([user.id])).toBe(1);
    } finally {
      await later.remove();
    }
  });

  test("a role that may not log in: waits and says so", async () => {
    const app = await surroundings.start({ CASSANDRA_PASSWORD: "wrong" });
    await app.notReady(/cassandra.*(credentials|password|incorrect)/i);
    expect(await app.stop()).toBe(0);
  });

  test("a keyspace that is missing: waits and says so", async () => {
    const app = await surroundings.start({ CASSANDRA_KEYSPACE: "nowhere" });
    await app.notReady("nowhere");
    expect(await surroundings.committed(surroundings.usersTopic)).toEqual([0, 0, 0]);
  });

  test("a registry that cannot answer: records wait, they are no dead letters", async () => {
    const registry = await FlakyRegistry.start(testServices().schemaRegistry.url);
    try {
      const app = await surroundings.start({ SCHEMA_REGISTRY_URL: registry.url });
      await app.ready();
      registry.broken = true;
      const user = userRecord();
      await surroundings.publishUsers([user]);
      await app.notReady("HTTP 503");
      expect(await surroundings.committed(surroundings.usersTopic)).toEqual([0, 0, 0]);

      registry.broken = false;
      await surroundings.allCommitted();
      expect(await stored.countOf([user.id])).toBe(1);
      await app.ready();
    } finally {
      await registry.close();
    }
  });
});

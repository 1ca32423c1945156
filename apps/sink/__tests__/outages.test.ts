import { randomUUID } from "node:crypto";
import { pause } from "@pipeline/common";
import { type AppProcess, until } from "@pipeline/common/testing/app-process";
import { BrokerContainer } from "@pipeline/common/testing/broker-container";
import { locationOf } from "../src/location";
import { CassandraContainer } from "./cassandra-container";
import { StoredRows } from "./database";
import { userRecord } from "./records";
import { Surroundings } from "./surroundings";

/** Longer than the consumer's session: without heartbeats the group would have been lost. */
const OUTAGE_MS = 22_000;
const MANY = 500;
/** So many times {@link MANY} are more than Cassandra has taken when it is killed. */
const ROUNDS = 10;

jest.setTimeout(900_000);

/** Servers of this file's own. */
let cassandra: CassandraContainer;
let broker: BrokerContainer;
let surroundings: Surroundings;
let app: AppProcess;

beforeAll(async () => {
  broker = await BrokerContainer.start();
  cassandra = await CassandraContainer.start(`sink-cassandra-${randomUUID().slice(0, 8)}`, {
    column_value_size_fail_threshold: "64KiB",
  });
});
afterAll(async () => {
  await cassandra?.remove();
  await broker?.remove();
});
beforeEach(async () => {
  surroundings = await Surroundings.create({ kafka: broker.kafka });
  const { host, port, users } = cassandra.server;
  app = await surroundings.start({
    CASSANDRA_HOST: host,
    CASSANDRA_PORT: String(port),
    CASSANDRA_PASSWORD: users.sink,
  });
  await app.ready();
});
afterEach(() => surroundings?.remove());

const publishMany = async () => {
  const users = Array.from({ length: MANY }, () => userRecord());
  await surroundings.publishUsers(users);
  return users.map(({ id }) => id);
};

const countOf = async (ids: string[]): Promise<number> => {
  const stored = await StoredRows.open(cassandra.server);
  const count = await stored.countOf(ids);
  await stored.close();
  return count;
};

/** Waits until the app says that it waits for Cassandra for this reason. */
const untilItWaits = (reason: string) =>
  app.notReady(new RegExp(`"cassandra":{"ok":false,"reason":"[^"]*${reason}`, "i"));

const members = async () => {
  const { groups } = await surroundings.admin.describeGroups([surroundings.groupId]);
  return groups[0]!.members.map(({ memberId }) => memberId);
};

test.each([
  { away: "stop", back: "start", reason: "no Cassandra host" },
  { away: "pause", back: "unpause", reason: "" },
] as const)(
  "Cassandra is away ($away) for longer than the session and comes back: every row is in",
  async ({ away, back, reason }) => {
    const before = await publishMany();
    await surroundings.allCommitted();
    const member = await members();

    let during: string[];
    await cassandra.docker(away);
    try {
      during = await publishMany();
      await untilItWaits(reason);
      expect((await app.get("/livez")).status).toBe(200);
      await pause(OUTAGE_MS);
      expect(await members()).toEqual(member);
    } finally {
      await cassandra.docker(back);
    }
    const after = await publishMany();
    await surroundings.allCommitted();
    await app.ready();
    expect(await countOf([...before, ...during, ...after])).toBe(3 * MANY);
    expect(await members()).toEqual(member);
    expect((await surroundings.admin.fetchTopicOffsets(surroundings.deadLettersTopic))[0]!.high).toBe("0");
  },
);

test("Cassandra is killed while it takes rows: those it had acknowledged are there as well", async () => {
  const ids = await publishMany();
  const more = (async () => {
    for (let round = 1; round < ROUNDS; round++) ids.push(...(await publishMany()));
  })();
  await until("the first rows are stored", async () => (await countOf(ids.slice(0, MANY))) > 0);
  await cassandra.docker("kill");
  await cassandra.docker("start");
  await more;
  await surroundings.allCommitted();
  expect(await countOf(ids)).toBe(ROUNDS * MANY);
});

test("an idle sink also tells that Cassandra is away, and that it is back", async () => {
  await cassandra.docker("stop");
  try {
    await untilItWaits("no Cassandra host");
  } finally {
    await cassandra.docker("start");
    await cassandra.takesStatements();
  }
  await app.ready();
});

test("SIGTERM while Cassandra is away: ends in time, commits nothing that is not stored", async () => {
  await cassandra.docker("stop");
  try {
    await publishMany();
    await untilItWaits("no Cassandra host");
    expect(await app.stop("SIGTERM")).toBe(0);
    expect(await surroundings.committed(surroundings.usersTopic)).toEqual([0, 0, 0]);
  } finally {
    await cassandra.docker("start");
    await cassandra.takesStatements();
  }
});

test.each([
  {
    what: "a permission",
    spoil: "REVOKE MODIFY ON KEYSPACE spark_streams FROM sink",
    repair: "GRANT MODIFY ON KEYSPACE spark_streams TO sink",
    reason: "MODIFY permission",
  },
  {
    what: "a column",
    spoil: "ALTER TABLE spark_streams.users_by_country DROP age_group",
    repair: "ALTER TABLE spark_streams.users_by_country ADD age_group text",
    reason: "age_group",
  },
])(
  "$what is missing: records wait until it is there, they are no dead letters",
  async ({ spoil, repair, reason }) => {
    let ids: string[];
    await cassandra.cql(spoil);
    try {
      ids = await publishMany();
      await untilItWaits(reason);
    } finally {
      await cassandra.cql(repair);
    }
    await surroundings.allCommitted();
    expect(await countOf(ids)).toBe(MANY);
    expect((await surroundings.admin.fetchTopicOffsets(surroundings.deadLettersTopic))[0]!.high).toBe("0");
  },
);

test("a row Cassandra refuses is a dead letter (invalid): in no table; the version before stays where it was", async () => {
  const user = userRecord({ country_code: "DE" });
  const tooLong = { ...user, version: user.version + 1, country_code: "FR", address: "x".repeat(70_000) };
  const newTooLong = userRecord({ country_code: "IT", address: tooLong.address });
  const next = userRecord();
  await surroundings.publishUsers([user, tooLong, newTooLong, next]);
  await surroundings.allCommitted();

  const letters = await surroundings.deadLetters(2);
  expect(letters.map(({ headers }) => String(headers!["dlq.error.class"]))).toEqual(["invalid", "invalid"]);
  const refused = [tooLong, newTooLong].map((each) => surroundings.userMessage(each).value);
  expect(letters.map(({ value }) => value)).toEqual(expect.arrayContaining(refused));
  const stored = await StoredRows.open(cassandra.server);
  expect(await stored.user(user.id)).toMatchObject({ country_code: "DE", address: user.address });
  const places = ["DE", "FR"].map((country) => locationOf(user.id, country, new Date(user.staged_at / 1000)));
  places.push(locationOf(newTooLong.id, "IT", new Date(newTooLong.staged_at / 1000)));
  expect(await stored.byCountry(places)).toMatchObject([{ country_code: "DE" }]);
  expect(await stored.countOf([newTooLong.id])).toBe(0);
  expect(await stored.countOf([next.id])).toBe(1);
  await stored.close();
});

test("the broker is away and comes back: every row is in", async () => {
  const before = await publishMany();
  await surroundings.allCommitted();
  await broker.whileStopped(async () => {
    await app.notReady('"kafka":{"ok":false');
    expect((await app.get("/livez")).status).toBe(200);
  });
  await app.ready();
  const after = await publishMany();
  await surroundings.allCommitted();
  expect(await countOf([...before, ...after])).toBe(2 * MANY);
});

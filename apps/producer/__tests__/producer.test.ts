import { AppProcess, bundle, freePort, until } from "@pipeline/common/testing/app-process";
import { Surroundings } from "./support";

let surroundings: Surroundings;
afterEach(async () => {
  await surroundings?.remove();
});

describe("publishing", () => {
  test("every staged user is one record: key = id, spread over the partitions, every field as in the row", async () => {
    surroundings = await Surroundings.create();
    const app = await surroundings.start();
    await app.ready();
    const ids = [
      ...(await surroundings.stage(200)),
      ...(await surroundings.stage(2_000, { perTransaction: 500 })),
    ];
    await surroundings.arrived(ids);
    expect([...surroundings.counts.values()].every((count) => count === 1)).toBe(true);
    expect(surroundings.published).toHaveLength(ids.length);
    expect(new Set(surroundings.published.map(({ partition }) => partition)).size).toBe(3);
    const { rows } = await surroundings.db.query<{ version: string; staged_at: string }>(
      `SELECT version, (extract(epoch FROM staged_at) * 1000000)::bigint AS staged_at FROM staging.users WHERE id = $1`,
      [ids[0]],
    );
    expect(surroundings.newest(ids[0]!)).toEqual({
      id: ids[0],
      version: Number(rows[0]!.version),
      staged_at: Number(rows[0]!.staged_at),
      first_name: "First",
      last_name: null,
      gender: null,
      address: "long street ".repeat(30),
      post_code: null,
      city: null,
      state: null,
      country: null,
      nat: null,
      email: null,
      username: null,
      dob: Date.UTC(1980, 1, 29, 12),
      registered_date: null,
      phone: null,
      picture: null,
    });
    expect(await app.metric("producer_rows_published_total")).toBe(ids.length);
    await surroundings.confirmed();
    expect(await app.metric("producer_slot_lag_bytes")).toBe(0);
  });

  test("a change is published as a later version; an upsert that changes nothing and a delete are not", async () => {
    surroundings = await Surroundings.create();
    await (await surroundings.start()).ready();
    const { db } = surroundings;
    const [changed, same, deleted] = (await surroundings.stage(3)) as [string, string, string];
    await surroundings.arrived([changed, same, deleted]);
    const upsert = `INSERT INTO staging.users (id, first_name, address, dob, raw)
       SELECT id, $2, address, dob, raw FROM staging.users WHERE id = $1
       ON CONFLICT (id) DO UPDATE SET first_name = excluded.first_name, address = excluded.address, raw = excluded.raw`;
    await db.query("DELETE FROM staging.users WHERE id = $1", [deleted]);
    await db.query(upsert, [same, "First"]);
    await db.query(upsert, [changed, "Other"]);
    const [last] = (await surroundings.stage(1)) as [string];
    await until("the change arrives", () => surroundings.newest(changed)?.first_name === "Other");
    await surroundings.arrived([last]);
    await surroundings.confirmed();
    expect(Object.fromEntries(surroundings.counts)).toEqual({
      [changed]: 2,
      [same]: 1,
      [deleted]: 1,
      [last]: 1,
    });
    const [first, second] = surroundings.published
      .filter(({ key }) => key === changed)
      .map(({ user }) => user);
    expect(second!.version).toBeGreaterThan(first!.version);
    expect(second!.staged_at).toBe(first!.staged_at);
  });

  test("a large value that an update does not touch keeps its value", async () => {
    surroundings = await Surroundings.create();
    await (await surroundings.start()).ready();
    const { db } = surroundings;
    const [id] = (await surroundings.stage(1)) as [string];
    // Random hexadecimal digits: compression cannot bring them below the 2 kB from which PostgreSQL stores apart.
    await db.query(
      `UPDATE staging.users SET address = (SELECT string_agg(md5(random()::text), '') FROM generate_series(1, 400))
       WHERE id = $1`,
      [id],
    );
    await db.query("UPDATE staging.users SET first_name = 'Other' WHERE id = $1", [id]);
    await until("the change arrives", () => surroundings.newest(id)?.first_name === "Other");
    const { rows } = await db.query<{ address: string }>("SELECT address FROM staging.users WHERE id = $1", [
      id,
    ]);
    expect(rows[0]!.address).toHaveLength(12_800);
    expect(surroundings.newest(id)!.address).toBe(rows[0]!.address);
    expect(surroundings.published.every(({ user }) => user.address !== null)).toBe(true);
  });

  test("a transaction larger than what is read ahead passes through", async () => {
    surroundings = await Surroundings.create();
    await (await surroundings.start()).ready();
    const ids = await surroundings.stage(20_000, { perTransaction: 20_000 });
    await surroundings.arrived(ids);
    await surroundings.confirmed();
    expect(surroundings.published).toHaveLength(ids.length);
  });
});

describe("a row that can never be published", () => {
  test.each([
    [
      "too large for the topic",
      "picture = repeat('x', 2000000)",
      /^2000\d{3} bytes are more than the topic takes$/,
    ],
    ["with a time Avro does not know", "dob = 'infinity'", /^dob is not a time/],
  ])("(%s) is set aside with its reason; those around it arrive", async (_, change, reason) => {
    surroundings = await Surroundings.create();
    const { db } = surroundings;
    // All in one batch, staged before the producer starts.
    const before = await surroundings.stage(5);
    const [bad] = (await surroundings.stage(1)) as [string];
    await db.query(`UPDATE staging.users SET ${change} WHERE id = $1`, [bad]);
    const after = await surroundings.stage(5);
    const app = await surroundings.start();
    await surroundings.arrived([...before, ...after]);
    await surroundings.confirmed();
    const { rows } = await db.query("SELECT key, stage, reason, record->>'id' AS id FROM staging.rejected");
    expect(rows).toEqual([
      { key: `producer|${bad}`, stage: "producer", reason: expect.stringMatching(reason) as string, id: bad },
    ]);
    expect(surroundings.counts.get(bad)).toBe(1); // as it was before the change
    expect(await app.metric("producer_rows_rejected_total")).toBe(1);
    expect(app.output).toContain(bad);
    expect(app.output).not.toMatch(/First|long street|xxxx/);
  });

  test("holds the slot, whatever else is written, until it could be set aside", async () => {
    surroundings = await Surroundings.create();
    const { db, slot } = surroundings;
    await db.query("REVOKE INSERT ON staging.rejected FROM staging_publisher");
    const app = await surroundings.start({ LOG_LEVEL: "debug" });
    await app.ready();
    const [bad] = (await surroundings.stage(1)) as [string];
    await db.query("UPDATE staging.users SET dob = 'infinity' WHERE id = $1", [bad]);
    const commit = (await db.query<{ lsn: string }>("SELECT pg_current_wal_lsn() AS lsn")).rows[0]!.lsn;
    const after = await surroundings.stage(5);
    await db.query("CREATE TABLE metadata AS SELECT repeat('x', 100000)");
    const end = (await db.query<{ lsn: string }>("SELECT pg_current_wal_lsn() AS lsn")).rows[0]!.lsn;
    await until("everything is sent", async () => {
      const sent = "SELECT FROM pg_stat_replication WHERE usename = $1 AND sent_lsn >= $2";
      return (await db.query(sent, [slot, end])).rowCount === 1;
    });
    const tries = () => app.output.split("cannot set a row aside").length;
    const triesSoFar = tries();
    await until("it tries again", () => tries() > triesSoFar);
    const held = "SELECT FROM pg_replication_slots WHERE slot_name = $1 AND confirmed_flush_lsn < $2";
    expect((await db.query(held, [slot, commit])).rowCount).toBe(1);
    expect(after.some((id) => surroundings.counts.has(id))).toBe(false);
    await db.query("GRANT INSERT ON staging.rejected TO staging_publisher");
    await surroundings.arrived(after);
    await surroundings.confirmed();
    expect((await db.query("SELECT FROM staging.rejected")).rowCount).toBe(1);
  });
});

describe("stopping and starting", () => {
  /** Stages users all the while; starts a producer three times and ends it mid-stream. The last one keeps running. */
  async function interrupted(signal: NodeJS.Signals) {
    const staged: string[] = [];
    const exits: (number | NodeJS.Signals)[] = [];
    let stop = false;
    const staging = (async () => {
      while (!stop) staged.push(...(await surroundings.stage(100, { perTransaction: 20 })));
    })();
    try {
      while (exits.length < 3) {
        const app = await surroundings.start();
        await app.ready(); // from here on the signal is handled
        const seen = surroundings.published.length;
        await until("some rows arrive", () => surroundings.published.length > seen + 200);
        exits.push(await app.stop(signal));
      }
    } finally {
      stop = true;
      await staging;
    }
    await surroundings.start();
    await surroundings.arrived(staged);
    await surroundings.confirmed();
    return { staged, exits };
  }

  test("killed in mid-stream and started again: rows repeat, none is lost", async () => {
    surroundings = await Surroundings.create();
    const { staged } = await interrupted("SIGKILL");
    expect(surroundings.counts.size).toBe(staged.length);
  });

  test("SIGTERM in mid-stream and started again: nothing is lost, nothing repeats", async () => {
    surroundings = await Surroundings.create();
    const { staged, exits } = await interrupted("SIGTERM");
    expect(exits).toEqual([0, 0, 0]);
    expect(surroundings.published).toHaveLength(staged.length);
  });

  test("what was committed while it was away is published when it is back", async () => {
    surroundings = await Surroundings.create();
    const app = await surroundings.start();
    await app.ready();
    await surroundings.arrived(await surroundings.stage(5));
    await surroundings.confirmed();
    expect(await app.stop()).toBe(0);
    const meanwhile = await surroundings.stage(50);
    await surroundings.start();
    await surroundings.arrived(meanwhile);
    expect([...surroundings.counts.values()].filter((count) => count !== 1)).toEqual([]);
  });

  test("a second producer waits for the slot, says so, and takes over when the first stops", async () => {
    surroundings = await Surroundings.create();
    const first = await surroundings.start();
    await first.ready();
    const second = await surroundings.start();
    await second.notReady("is active for PID");
    expect((await second.get("/livez")).status).toBe(200);
    await surroundings.arrived(await surroundings.stage(10));
    await first.stop();
    await second.ready();
    await surroundings.arrived(await surroundings.stage(10));
    expect([...surroundings.counts.values()].filter((count) => count !== 1)).toEqual([]);
  });
});

describe("the slot", () => {
  test("moves on with WAL that is none of the producer's business", async () => {
    surroundings = await Surroundings.create();
    const app = await surroundings.start();
    await app.ready();
    await surroundings.db.query("CREATE TABLE metadata (id int PRIMARY KEY, state text)");
    for (let id = 0; id < 20; id++) {
      await surroundings.db.query("INSERT INTO metadata SELECT $1, repeat('x', 10000)", [id]);
    }
    await surroundings.confirmed();
    expect(surroundings.published).toEqual([]);
  });

  test("missing: it is recreated and the whole table republished", async () => {
    surroundings = await Surroundings.create();
    const staged = await surroundings.stage(1_200, { perTransaction: 1_200 });
    await surroundings.db.query("SELECT pg_drop_replication_slot($1)", [surroundings.slot]);
    const app = await surroundings.start();
    await surroundings.arrived(staged);
    await app.ready();
    await surroundings.arrived(await surroundings.stage(10));
    expect(await app.metric("producer_slot_rebuilds_total")).toBe(1);
    const { rows } = await surroundings.db.query(
      "SELECT slot_name FROM pg_replication_slots WHERE database = current_database()",
    );
    expect(rows).toEqual([{ slot_name: surroundings.slot }]);
  });

  test("dropped and recreated while the producer was stopped: what it leaves out is republished", async () => {
    surroundings = await Surroundings.create();
    const { db, slot } = surroundings;
    const first = await surroundings.start();
    const before = await surroundings.stage(20);
    await surroundings.arrived(before);
    const recorded = "SELECT FROM staging.published WHERE slot = $1 AND position > '0/0'";
    await until("it is recorded how far everything is published", async () => {
      return (await db.query(recorded, [slot])).rowCount === 1;
    });
    // A transaction that began before the record and ends after it.
    const open = await db.connect();
    await open.query("BEGIN");
    const [late] = (
      await open.query<{ id: string }>(
        "INSERT INTO staging.users (id, raw) VALUES (gen_random_uuid(), '{}') RETURNING id",
      )
    ).rows;
    await first.stop();
    await open.query("COMMIT");
    open.release();
    const between = [...(await surroundings.stage(500, { perTransaction: 100 })), late!.id];
    await db.query("SELECT pg_drop_replication_slot($1)", [slot]);
    await db.query("SELECT pg_create_logical_replication_slot($1, 'pgoutput')", [slot]);

    const second = await surroundings.start();
    await surroundings.arrived(between);
    await second.ready();
    await surroundings.arrived(await surroundings.stage(5));
    expect(await second.metric("producer_rows_republished_total")).toBeGreaterThanOrEqual(between.length);
    expect(await second.metric("producer_slot_rebuilds_total")).toBe(0);
  });

  test("missing, and the producer dies while it publishes the table again: the next start begins again", async () => {
    surroundings = await Surroundings.create({ slot: false });
    const { db, slot } = surroundings;
    const staged = await surroundings.stage(600, { perTransaction: 600 });
    // A row in the second page that has to be set aside, but cannot be.
    const last = staged.sort().at(-1);
    await db.query("UPDATE staging.users SET dob = 'infinity' WHERE id = $1", [last]);
    await db.query("REVOKE INSERT ON staging.rejected FROM staging_publisher");
    const first = await surroundings.start();
    await surroundings.arrived(staged.slice(0, 500));
    await first.stop("SIGKILL");
    const slots = async () =>
      (await db.query<{ slot_name: string }>("SELECT slot_name FROM pg_replication_slots WHERE database = current_database()"))
        .rows.map(({ slot_name }) => slot_name); // prettier-ignore
    expect(await slots()).toEqual([`${slot}_rebuild`]);
    await db.query("GRANT INSERT ON staging.rejected TO staging_publisher");
    const second = await surroundings.start();
    await second.ready();
    await surroundings.arrived(staged.filter((id) => id !== last));
    expect(await slots()).toEqual([slot]);
    expect((await db.query("SELECT FROM staging.rejected")).rowCount).toBe(1);
  });
});

describe("starting before what it needs", () => {
  test("without the schema it waits and reports the reason, then continues", async () => {
    surroundings = await Surroundings.create({ schema: false });
    const app = await surroundings.start();
    const reason = `"schema-registry":{"ok":false,"reason":"the schema registry does not know this schema of subject`;
    await app.notReady(reason);
    const staged = await surroundings.stage(5);
    await surroundings.registerSchema();
    await app.ready();
    await surroundings.arrived(staged);
  });

  test("while it waits, SIGTERM ends it at once with 0", async () => {
    surroundings = await Surroundings.create({ schema: false });
    const app = await surroundings.start();
    await app.notReady();
    expect(await app.stop()).toBe(0);
  });

  test("without the publication it makes no slot, which would be unusable", async () => {
    surroundings = await Surroundings.create({ slot: false });
    const { db } = surroundings;
    await db.query("DROP PUBLICATION users_created");
    const app = await surroundings.start();
    await app.notReady("publication users_created does not exist yet");
    await db.query("CREATE PUBLICATION users_created FOR TABLE staging.users");
    await app.ready();
    await surroundings.arrived(await surroundings.stage(5));
  });

  test("an address where nobody answers: readyz says which, livez is fine", async () => {
    surroundings = await Surroundings.create();
    const nobody = String(await freePort());
    const app = await surroundings.start({
      POSTGRES_PORT: nobody,
      KAFKA_BOOTSTRAP_SERVERS: `localhost:${nobody}`,
    });
    await until("both are named", async () => {
      const body = await app.notReady();
      return (
        /"postgres":\{"ok":false,"reason":"[^"]*ECONNREFUSED/.test(body) &&
        /"kafka":\{"ok":false,"reason":"[^"]*conn/i.test(body)
      );
    });
    expect((await app.get("/livez")).status).toBe(200);
    expect(await app.stop()).toBe(0);
  });
});

test("an unusable environment: every problem in one block, exit code 78", async () => {
  const app = new AppProcess(await bundle("producer/src/main.ts"), {
    PORT: "0",
    POSTGRES_SLOT: "Users-Created",
  });
  expect(await app.exit).toBe(78);
  expect(app.output).toBe(`Invalid configuration, 8 problems:
  KAFKA_BOOTSTRAP_SERVERS: got nothing; expected host:port, several comma separated
  SCHEMA_REGISTRY_URL: got nothing; expected a URL that begins with http:// or https://
  POSTGRES_HOST: got nothing; expected a host name or address
  POSTGRES_DB: got nothing; expected any text
  POSTGRES_USER: got nothing; expected any text
  POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE: got nothing; expected any text, or a file that holds it
  POSTGRES_SLOT: got "Users-Created"; expected a name of lower case letters, digits, _ (at most 50)
  PORT: got "0"; expected a port, 1 to 65535
`);
});

import { execFileSync } from "node:child_process";
import { freePort, until } from "@pipeline/common/testing/app-process";
import { BrokerContainer } from "@pipeline/common/testing/broker-container";
import { testServices } from "@pipeline/common/testing/services";
import { Client } from "pg";
import { type PostgresServer, Surroundings } from "./support";

/** Servers that become unavailable under a running producer: this file's own. */
const { containers, label } = testServices();
const container = `${containers.postgres}-outages`;

const docker = (...args: string[]) => execFileSync("docker", args, { encoding: "utf8" }).trim();

let postgres: PostgresServer;
let broker: BrokerContainer;
let surroundings: Surroundings;

async function accepting(): Promise<void> {
  await until("PostgreSQL accepts connections", async () => {
    const { host, port, users } = postgres;
    const client = new Client({
      host,
      port,
      user: "postgres",
      password: users.postgres,
      database: "pipeline",
    });
    client.on("error", () => {});
    const accepted = await client.connect().then(
      () => true,
      () => false,
    );
    await client.end().catch(() => {});
    return accepted;
  });
}

/** Writes so much log that the server invalidates the slot; it may be gone by then, as a producer drops a lost one. */
async function loseSlot(): Promise<void> {
  const { db, slot } = surroundings;
  await db.query("CREATE TABLE filler (text text)");
  await until("the slot is lost", async () => {
    await db.query("INSERT INTO filler SELECT md5(g::text) FROM generate_series(1, 50000) AS g");
    await db.query("SELECT pg_switch_wal()");
    await db.query("CHECKPOINT");
    const usable = "SELECT FROM pg_replication_slots WHERE slot_name = $1 AND wal_status <> 'lost'";
    return (await db.query(usable, [slot])).rowCount === 0;
  });
}

beforeAll(async () => {
  broker = await BrokerContainer.start();
  const image = docker("inspect", "--format", "{{.Config.Image}}", containers.postgres);
  postgres = { host: "localhost", port: await freePort(), users: { postgres: "outages" } };
  const env = ["--env", `POSTGRES_PASSWORD=${postgres.users.postgres}`, "--env", "POSTGRES_DB=pipeline"];
  const publish = ["--publish", `127.0.0.1:${postgres.port}:5432`];
  // Little WAL is kept, so that a slot is soon lost.
  const settings = [
    "wal_level=logical",
    "max_slot_wal_keep_size=16MB",
    "min_wal_size=32MB",
    "max_wal_size=32MB",
  ];
  docker(
    "run",
    "--detach",
    "--name",
    container,
    "--label",
    label,
    ...env,
    ...publish,
    image,
    "postgres",
    ...settings.flatMap((s) => ["-c", s]),
  );
  await accepting();
});
beforeEach(async () => {
  surroundings = await Surroundings.create({ postgres, kafka: broker.kafka });
});
afterEach(async () => {
  await surroundings?.remove();
});
afterAll(async () => {
  docker("rm", "--force", "--volumes", container);
  await broker?.remove();
});

test("PostgreSQL is stopped, which does not hang on the producer, and started: the producer resumes", async () => {
  const app = await surroundings.start();
  await app.ready();
  const before = await surroundings.stage(50);
  await surroundings.arrived(before);
  docker("stop", "--time", "60", container);
  expect(docker("inspect", "--format", "{{.State.ExitCode}}", container)).toBe("0"); // not killed after the time
  await app.notReady('"postgres":{"ok":false');
  expect((await app.get("/livez")).status).toBe(200);
  docker("start", container);
  await accepting();
  const after = await surroundings.stage(50);
  await surroundings.arrived(after);
  await app.ready();
  await surroundings.confirmed();
  expect(surroundings.counts.size).toBe(100);
});

test("PostgreSQL is killed in mid-stream and started: nothing that was committed is lost", async () => {
  const app = await surroundings.start();
  await app.ready();
  const staged: string[] = [];
  const staging = (async () => {
    for (;;) staged.push(...(await surroundings.stage(1)));
  })().catch(() => {}); // ends with the server
  await until("some rows arrive", () => surroundings.published.length > 100);
  docker("kill", container);
  await staging;
  docker("start", container);
  await accepting();
  staged.push(...(await surroundings.stage(10)));
  await surroundings.arrived(staged);
  await surroundings.confirmed();
});

test("the slot is invalidated because it held back too much: it is recreated and the whole table republished", async () => {
  const app = await surroundings.start();
  await app.ready();
  await surroundings.arrived(await surroundings.stage(10));
  await surroundings.confirmed();
  await app.stop();
  const missed = await surroundings.stage(10);
  await loseSlot();
  const again = await surroundings.start();
  await surroundings.arrived(missed);
  await again.ready();
  expect(await again.metric("producer_slot_rebuilds_total")).toBe(1);
  expect(again.output).toMatch(/"lost":true.*republishing the whole table/);
  await surroundings.arrived(await surroundings.stage(10));
});

test("the slot is invalidated under a producer that cannot go on: it says so, and nothing staged meanwhile is lost", async () => {
  const { db, slot } = surroundings;
  const app = await surroundings.start();
  await app.ready();
  // A row that has to be set aside, but cannot be: nothing behind it is published.
  await db.query("REVOKE INSERT ON staging.rejected FROM staging_publisher");
  const [unfit] = await surroundings.stage(1);
  await db.query("UPDATE staging.users SET dob = 'infinity' WHERE id = $1", [unfit]);
  const staged = await surroundings.stage(10);
  await loseSlot();
  staged.push(...(await surroundings.stage(10)));
  await app.notReady("the slot is missing or lost: republishing the whole table");
  await db.query("GRANT INSERT ON staging.rejected TO staging_publisher");
  await surroundings.arrived(staged);
  await app.ready();
  expect(await app.metric("producer_slot_rebuilds_total")).toBe(1);
  const slots = "SELECT slot_name FROM pg_replication_slots WHERE database = current_database()";
  expect((await db.query(slots)).rows).toEqual([{ slot_name: slot }]);
  await surroundings.arrived(await surroundings.stage(10));
});

test("Kafka is stopped and started: rows wait in the slot and arrive", async () => {
  const app = await surroundings.start();
  await app.ready();
  const before = await surroundings.stage(20);
  await surroundings.arrived(before);
  let during: string[] = [];
  await broker.whileStopped(async () => {
    during = await surroundings.stage(2_000, { perTransaction: 100 });
    await app.notReady('"kafka":{"ok":false');
    expect((await app.get("/livez")).status).toBe(200);
    expect(during.some((id) => surroundings.counts.has(id))).toBe(false);
  });
  await surroundings.arrived(during);
  await surroundings.confirmed();
  await app.ready();
});

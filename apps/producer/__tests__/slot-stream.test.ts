import { until } from "@pipeline/common/testing/app-process";
import { Client } from "pg";
import { parseLsn } from "../src/lsn";
import { SlotStream, type SlotStreamHandlers } from "../src/slot-stream";
import { Surroundings } from "./support";

let surroundings: Surroundings;
let stream: SlotStream | undefined;
beforeEach(async () => {
  surroundings = await Surroundings.create();
});
afterEach(async () => {
  await stream?.close();
  await surroundings?.remove();
});

/** Follows the slot; what `handlers` leaves out does nothing. Not idle, so that only the test confirms. */
function follow(handlers: Partial<SlotStreamHandlers>): { stream: SlotStream; ended: Promise<never> } {
  const nothing: SlotStreamHandlers = {
    onStart: () => {},
    onRow: () => Promise.resolve(),
    onCommit: () => {},
    isIdle: () => false,
  };
  stream = new SlotStream(surroundings.connection(), surroundings.slot, "users_created", 1n, {
    ...nothing,
    ...handlers,
  });
  const ended = stream.run();
  ended.catch(() => {});
  return { stream, ended };
}

test("confirming a transaction keeps one whose commit begins at the very byte where the former ends", async () => {
  const clients = [new Client(surroundings.connection()), new Client(surroundings.connection())];
  await Promise.all(clients.map((client) => client.connect()));
  const commitTwo = async () => {
    for (const client of clients) {
      await client.query("BEGIN");
      await client.query("INSERT INTO staging.users (id, raw) VALUES (gen_random_uuid(), '{}')");
    }
    await Promise.all(clients.map((client) => client.query("COMMIT")));
  };
  const commits: bigint[] = [];
  const ids: string[] = [];
  const handlers: Partial<SlotStreamHandlers> = {
    onRow: (row) => Promise.resolve(void ids.push(row.id!)),
    onCommit: (end) => void commits.push(end),
  };
  const first = follow(handlers);
  // A commit record of one changed row takes 48 bytes: nothing lies between the two. The server may now and then have
  // something of its own to write there.
  const areAdjacent = () => commits.length > 0 && commits.at(-1)! - commits.at(-2)! <= 64n;
  while (!areAdjacent()) {
    const expected = commits.length + 2;
    await commitTwo();
    await until("both transactions arrive", () => commits.length === expected);
  }
  await Promise.all(clients.map((client) => client.end()));
  const [former, latter] = commits.slice(-2) as [bigint, bigint];
  first.stream.confirm(former);
  await first.stream.close();
  const { rows } = await surroundings.db.query<{ lsn: string }>(
    "SELECT confirmed_flush_lsn AS lsn FROM pg_replication_slots WHERE slot_name = $1",
    [surroundings.slot],
  );
  expect(parseLsn(rows[0]!.lsn)).toBe(former);
  const lastId = ids.at(-1);
  const seen = commits.length;
  follow(handlers);
  await until("the second transaction arrives again", () => commits.length === seen + 1);
  expect(commits.at(-1)).toBe(latter);
  expect(ids.at(-1)).toBe(lastId);
});

test("a handler that fails ends the stream, and nothing behind is handed on", async () => {
  await surroundings.stage(3);
  let handed = 0;
  const { ended } = follow({
    onRow: () => {
      handed += 1;
      return Promise.reject(new Error("handler failed"));
    },
  });
  await expect(ended).rejects.toThrow("handler failed");
  expect(handed).toBe(1);
});

test("values are PostgreSQL's text, and the time is that of the commit", async () => {
  const seen: unknown[] = [];
  const before = Date.now();
  const [id] = await surroundings.stage(1);
  follow({
    onRow: (row, committed) =>
      Promise.resolve(void seen.push([row.id, row.version, row.dob, row.gender, committed])),
  });
  await until("the row arrives", () => seen.length === 1);
  const [[seenId, version, dob, gender, committed]] = seen as [[string, string, string, null, number]];
  expect({ seenId, dob, gender }).toEqual({
    seenId: id,
    dob: expect.stringContaining("1980-02-29") as string,
    gender: null,
  });
  expect(version).toMatch(/^\d{16}$/);
  // The server's clock and ours are the same machine's.
  expect(committed).toBeGreaterThanOrEqual(before);
  expect(committed).toBeLessThanOrEqual(Date.now());
});

test("the end of the connection ends the stream", async () => {
  let started = false;
  const { ended } = follow({ onStart: () => (started = true) });
  await until("it streams", () => started);
  await surroundings.db.query(
    "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = $1",
    [surroundings.slot],
  );
  await expect(ended).rejects.toThrow(/terminat/);
});

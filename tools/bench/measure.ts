import { setTimeout as sleep } from "node:timers/promises";
import { auth, Client } from "cassandra-driver";
import execa from "execa";
import { type Target } from "../../infra/platforms/common";
import { Settings } from "../../infra/settings";
import { Stager } from "./users";

/** Creates a client with the read-only role. */
export function reader(ports: Settings["ports"], passwords: Readonly<Record<string, string>>): Client {
  return new Client({
    contactPoints: [`127.0.0.1:${ports.cassandra}`],
    localDataCenter: "dc1",
    authProvider: new auth.PlainTextAuthProvider("reader", passwords["cassandra-reader-password"] ?? ""),
  });
}

/** Milliseconds between two queries for users in flight; the precision of a latency. */
const LOOK_EVERY = 10;
/** Maximum number of ids per query. */
const ASKED_AT_ONCE = 100;
/** Users per transaction when measuring the throughput. */
const PER_TRANSACTION = 1000;

/**
 * Users in flight to Cassandra. One query at a time covers many users, because a query for each user would use more
 * CPU than the pipeline.
 */
class InFlight {
  private readonly since = new Map<string, number>();
  /** Latency of each arrived user in milliseconds. */
  readonly delays: number[] = [];

  constructor(private readonly cassandra: Client) {}

  add(ids: readonly string[]): void {
    const now = performance.now();
    for (const id of ids) this.since.set(id, now);
  }

  /** Queries until `done` and every user has arrived. */
  async watch(done: () => boolean): Promise<void> {
    while (!done() || this.since.size > 0) {
      const ids = [...this.since.keys()].slice(0, ASKED_AT_ONCE);
      if (ids.length > 0) await this.look(ids);
      await sleep(LOOK_EVERY);
    }
  }

  private async look(ids: readonly string[]): Promise<void> {
    const query = "SELECT id FROM spark_streams.created_users WHERE id IN ?";
    const { rows } = await this.cassandra.execute(query, [ids], { prepare: true });
    const now = performance.now();
    for (const row of rows) {
      const id = String(row.get("id"));
      this.delays.push(now - (this.since.get(id) ?? Number.NaN));
      this.since.delete(id);
    }
  }
}

/**
 * Measures the latencies in milliseconds from a user's commit in PostgreSQL until Cassandra returns it, sorted.
 * Users are committed one by one at a steady rate.
 */
export async function delays(
  stager: Stager,
  cassandra: Client,
  perSecond: number,
  seconds: number,
): Promise<number[]> {
  const users = new InFlight(cassandra);
  let staged = 0;
  const watching = users.watch(() => staged === perSecond * seconds);
  const began = performance.now();
  for (; staged < perSecond * seconds; staged++) {
    const due = began + (staged * 1000) / perSecond;
    if (due > performance.now()) await sleep(due - performance.now());
    users.add(await stager.stage(1));
  }
  await watching;
  return users.delays.sort((a, b) => a - b);
}

/** Measures the throughput in users per second, from the first commit until Cassandra returns the last user. */
export async function throughput(stager: Stager, cassandra: Client, count: number): Promise<number> {
  const users = new InFlight(cassandra);
  const began = performance.now();
  for (let staged = 0; staged < count; staged += PER_TRANSACTION) {
    users.add(await stager.stage(Math.min(PER_TRANSACTION, count - staged)));
  }
  // Partitions are read in parallel, so the last staged user need not be the last stored one. All users are queried.
  await users.watch(() => true);
  return (count * 1000) / (performance.now() - began);
}

/** Measures the CPU seconds of a synth of one target's stack. */
export async function synthCpu(target: Target): Promise<number> {
  const script = `TIMEFORMAT='%U %S'; time node --import tsx main.ts`;
  const { stderr } = await execa("bash", ["-c", script], {
    env: { CDKTF_CONTEXT_JSON: JSON.stringify({ target }) },
  });
  const times = stderr.trim().split("\n").pop()?.split(" ").map(Number) ?? [];
  return times.reduce((sum, time) => sum + time, 0);
}

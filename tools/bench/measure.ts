import { setTimeout as sleep } from "node:timers/promises";
import { auth, Client } from "cassandra-driver";
import execa from "execa";
import { Names } from "../../infra/platforms/docker";
import { Settings } from "../../infra/settings";
import { Stager } from "./users";

const FIND = "SELECT id FROM spark_streams.created_users WHERE id = ?";

/** A client with the rights of the read-only role. */
export function reader(ports: Settings["ports"], passwords: Readonly<Record<string, string>>): Client {
  return new Client({
    contactPoints: [`127.0.0.1:${ports.cassandra}`],
    localDataCenter: "dc1",
    authProvider: new auth.PlainTextAuthProvider("reader", passwords["cassandra-reader-password"] ?? ""),
  });
}

/** Asks for a user until it is readable. */
async function readable(cassandra: Client, id: string): Promise<void> {
  for (;;) {
    const { rowLength } = await cassandra.execute(FIND, [id], { prepare: true });
    if (rowLength > 0) return;
    await sleep(10);
  }
}

/**
 * Milliseconds from each user's commit in PostgreSQL to the first moment it can be read in Cassandra, sorted, when
 * users are committed one by one at a steady rate. Asked every 10 ms.
 */
export async function delays(
  stager: Stager,
  cassandra: Client,
  perSecond: number,
  seconds: number,
): Promise<number[]> {
  const began = performance.now();
  const waiting: Promise<number>[] = [];
  for (let n = 0; n < perSecond * seconds; n++) {
    const due = began + (n * 1000) / perSecond;
    if (due > performance.now()) await sleep(due - performance.now());
    const [id = ""] = await stager.stage(1);
    const committed = performance.now();
    waiting.push(readable(cassandra, id).then(() => performance.now() - committed));
  }
  return (await Promise.all(waiting)).sort((a, b) => a - b);
}

/** Users per second from the first commit until the last user is readable, when they are staged as fast as possible. */
export async function throughput(stager: Stager, cassandra: Client, users: number): Promise<number> {
  const began = performance.now();
  const ids: string[] = [];
  while (ids.length < users) ids.push(...(await stager.stage(Math.min(1000, users - ids.length))));
  // Partitions are read side by side, so the last one staged need not be the last one stored: ask for every one.
  for (let i = 0; i < ids.length; i += 100) {
    await Promise.all(ids.slice(i, i + 100).map((id) => readable(cassandra, id)));
  }
  return (users * 1000) / (performance.now() - began);
}

/** MiB that the pipeline's containers hold resident, by container. */
export async function memory({ filter }: Names): Promise<Map<string, number>> {
  const { stdout: ids } = await execa("docker", ["ps", "--quiet", "--no-trunc", "--filter", filter]);
  const { stdout } = await execa("docker", [
    ...["stats", "--no-stream", "--format", "{{.Name}} {{.MemUsage}}"],
    ...ids.split("\n").filter(Boolean),
  ]);
  const factor: Readonly<Record<string, number>> = { KiB: 1 / 1024, MiB: 1, GiB: 1024 };
  return new Map(
    stdout.split("\n").map((line) => {
      const [, name = "", amount = "0", unit = "MiB"] = /^(\S+) ([\d.]+)(\w+)/.exec(line) ?? [];
      return [name, Number(amount) * (factor[unit] ?? Number.NaN)];
    }),
  );
}

/** Seconds of processor time that a synth takes. */
export async function synthCpu(): Promise<number> {
  const script = `TIMEFORMAT='%U %S'; time node --import tsx main.ts`;
  const { stderr } = await execa("bash", ["-c", script], { env: { CDKTF_CONTEXT_JSON: "{}" } });
  const times = stderr.trim().split("\n").pop()?.split(" ").map(Number) ?? [];
  return times.reduce((sum, time) => sum + time, 0);
}

import { until } from "@pipeline/common/testing/app-process";
import { userRecord } from "./records";
import { Surroundings } from "./surroundings";
jest.setTimeout(600_000);
test("bench", async () => {
  const s = await Surroundings.create();
  const N = 60_000;
  for (let i = 0; i < N; i += 2000) await s.publishUsers(Array.from({ length: 2000 }, () => userRecord()));
  const app = await s.start();
  await app.ready();
  const stored = async () => Number(/sink_stored_total\{.*created_users.*\} (\d+)/.exec((await app.get("/metrics")).body)?.[1] ?? 0);
  const cpu = () => app.metric("process_cpu_seconds_total");
  const mark = async () => ({ n: await stored(), t: Date.now(), c: await cpu() });
  let a = await mark();
  for (const upto of [5_000, 20_000, 40_000, 60_000]) {
    await until("some", async () => (await stored()) >= upto, 300_000);
    const b = await mark();
    console.log(`to ${upto}: ${(((b.n - a.n) / (b.t - a.t)) * 1000).toFixed(0)} users/s, cpu ${(((b.c - a.c) / (b.n - a.n)) * 1000).toFixed(2)} ms/user, cores ${(((b.c - a.c) / (b.t - a.t)) * 1000).toFixed(2)}`);
    a = b;
  }
  await app.stop();
  const s2 = await Surroundings.create();
  const app2 = await s2.start(); await app2.ready();
  const RATE = 100, SECONDS = 40;
  const sent: Promise<void>[] = [];
  await s2.publishUsers([userRecord()]); await s2.allCommitted();
  const c0 = await app2.metric("process_cpu_seconds_total");
  const start = Date.now();
  for (let i = 0; i < RATE * SECONDS; i++) {
    const due = start + (i * 1000) / RATE;
    if (due > Date.now()) await new Promise((r) => setTimeout(r, due - Date.now()));
    sent.push(s2.publishUsers([userRecord()]));
  }
  await Promise.all(sent);
  await s2.allCommitted();
  const { body } = await app2.get("/metrics");
  console.log((await app2.metric("process_cpu_seconds_total")) - c0, body.split("\n").filter((l) => l.startsWith("sink_staged_to_stored") || l.startsWith("process_resident")).join("\n"));
  await app2.stop(); await s.remove(); await s2.remove();
});

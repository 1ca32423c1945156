import { createMetrics, type OperationsServer, Readiness, startOperationsServer } from "../src";

let server: OperationsServer;
const changes: unknown[] = [];
const readiness = new Readiness(["kafka", "postgres"] as const, (name, state) => changes.push([name, state]));

beforeAll(async () => {
  server = await startOperationsServer({ port: 0, readiness, metrics: createMetrics("test", readiness) });
});
afterAll(() => server.close());

const get = (path: string) => fetch(`http://localhost:${server.port}${path}`);

test("/livez is fine whatever the dependencies do", async () => {
  expect((await get("/livez")).status).toBe(200);
});

test("/readyz says which dependency is missing and why, until all are there", async () => {
  readiness.up("kafka");
  readiness.down("postgres", "connection refused");
  const before = await get("/readyz");
  expect(before.status).toBe(503);
  expect(await before.json()).toEqual({
    ready: false,
    dependencies: { kafka: { ok: true }, postgres: { ok: false, reason: "connection refused" } },
  });
  readiness.up("postgres");
  expect((await get("/readyz?probe=1")).status).toBe(200);
});

test("a change is told once, not each time it is said", () => {
  changes.length = 0;
  readiness.down("kafka", "gone");
  readiness.down("kafka", "gone");
  readiness.up("kafka");
  readiness.up("kafka");
  expect(changes).toEqual([
    ["kafka", { ok: false, reason: "gone" }],
    ["kafka", { ok: true }],
  ]);
});

test("/metrics has the process and each dependency", async () => {
  readiness.down("kafka", "gone");
  const text = await (await get("/metrics")).text();
  expect(text).toContain('dependency_up{dependency="kafka",app="test"} 0');
  expect(text).toContain('dependency_up{dependency="postgres",app="test"} 1');
  expect(text).toMatch(/^process_cpu_seconds_total\{app="test"\} /m);
});

test("anything else is 404", async () => {
  expect((await get("/nonsense")).status).toBe(404);
});

test("a port that is taken is an error", async () => {
  const again = startOperationsServer({
    port: server.port,
    readiness,
    metrics: createMetrics("test", readiness),
  });
  await expect(again).rejects.toThrow("EADDRINUSE");
});

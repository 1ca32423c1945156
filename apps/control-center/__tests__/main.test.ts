import { AppProcess, freePort, until } from "@pipeline/common/testing/app-process";
import type { MessagesView, Sampled, TopicSummary } from "../src/api";
import { appFile, Surroundings } from "./support";

it("names everything that is wrong with its environment at once", async () => {
  const app = new AppProcess(await appFile(), {
    CONTROL_CENTER_BOOTSTRAP_SERVERS: "nowhere",
    SINK_URL: "ftp://sink",
    PORT: "high",
  });
  expect(await app.exit).toBe(78);
  for (const name of [
    "CONTROL_CENTER_BOOTSTRAP_SERVERS",
    "CONTROL_CENTER_SCHEMA_REGISTRY_URL",
    "SINK_URL",
    "PORT",
  ]) {
    expect(app.output).toContain(`  ${name}: `);
  }
});

it("lives without Kafka and the registry, and says what is missing", async () => {
  const port = await freePort();
  const nowhere = await freePort();
  const app = new AppProcess(await appFile(), {
    CONTROL_CENTER_BOOTSTRAP_SERVERS: `localhost:${nowhere}`,
    CONTROL_CENTER_SCHEMA_REGISTRY_URL: `http://localhost:${nowhere}`,
    PORT: String(port),
  });
  const body = await app.notReady();
  expect(JSON.parse(body)).toMatchObject({ ready: false, dependencies: { kafka: { ok: false } } });
  expect(await app.get("/livez")).toEqual({ status: 200, body: "ok\n" });
  expect((await app.get("/metrics")).body).toContain(
    'dependency_up{dependency="kafka",app="control-center"} 0',
  );
  await until("the problem is told", async () => {
    const { problem } = JSON.parse((await app.get("/api/topics")).body) as Sampled<TopicSummary[]>;
    return problem !== null;
  });
  expect((await app.get("/api/schemas")).status).toBe(503);
  expect((await app.get("/api/topics/users_created/messages")).status).toBe(503);
  expect(await app.stop()).toBe(0);
});

it("ends with 0 at SIGTERM, also while clients are connected", async () => {
  const surroundings = await Surroundings.create();
  try {
    const { app, url } = await surroundings.start();
    const watching = await Promise.all(
      ["/api/events", `/api/topics/${surroundings.createdTopic}/tail`].map((path) => fetch(url + path)),
    );
    const ended = Promise.all(watching.map((response) => response.text().catch(() => "cut off")));
    expect(await app.stop()).toBe(0);
    expect(app.output).toContain('"stopped"');
    await ended;
  } finally {
    await surroundings.remove();
  }
});

it("serves the front end with a strict policy, compressed, and from memory only", async () => {
  const surroundings = await Surroundings.create();
  try {
    const { url, get } = await surroundings.start().then((center) => ({
      url: center.url,
      get: (path: string, headers = {}) => fetch(center.url + path, { headers }),
    }));
    const page = await get("/topics/users_created");
    expect(page.headers.get("content-security-policy")).toContain("default-src 'self'");
    expect(page.headers.get("content-type")).toContain("text/html");
    const html = await page.text();
    expect(html).not.toMatch(/<script(?![^>]* src="\/)|<style|https?:/);
    const script = await get("/app.js", { "accept-encoding": "gzip" });
    expect(script.headers.get("content-encoding")).toBe("gzip");
    const again = await get("/app.js", { "if-none-match": script.headers.get("etag")! });
    expect(again.status).toBe(304);
    expect(await (await get("/..%2f..%2fetc/passwd")).text()).toBe(html);
    const messages = await fetch(`${url}/api/topics/${surroundings.createdTopic}/messages`);
    expect((await messages.json()) as MessagesView).toEqual({ messages: [], note: null });
  } finally {
    await surroundings.remove();
  }
});

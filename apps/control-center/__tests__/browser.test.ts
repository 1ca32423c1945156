import { until } from "@pipeline/common/testing/app-process";
import { BrokerContainer } from "@pipeline/common/testing/broker-container";
import { type Browser, chromium, type Page } from "playwright-core";
import { type ControlCenter, Surroundings, userOf } from "./support";

const FLAGS = [
  ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
];
/** The machine may be busy. */
const PATIENCE_MS = 300_000;

let surroundings: Surroundings;
let center: ControlCenter;
let browser: Browser;
let page: Page;
/** What the browser complained about: errors of scripts, of the content security policy, requests elsewhere. */
const complaints: string[] = [];

beforeAll(async () => {
  surroundings = await Surroundings.create();
  center = await surroundings.start();
  await surroundings.publishCreated([1, 2, 3].map((n) => userOf(n)));
  await surroundings.publish(surroundings.createdTopic, [{ key: "gone", value: null }]);
  await surroundings.publish(surroundings.deadLettersTopic, [
    {
      key: "stream|users_created|0|3",
      value: "not Avro",
      headers: {
        "dlq.stage": "stream",
        "dlq.reason": "not in the wire format",
        "dlq.topic": surroundings.createdTopic,
        "dlq.partition": "0",
        "dlq.offset": "0",
      },
    },
  ]);
  browser = await chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: FLAGS,
    timeout: PATIENCE_MS,
  });
});

beforeEach(async () => {
  complaints.length = 0;
  page = await browser.newPage({ viewport: { width: 1024, height: 768 } });
  page.setDefaultTimeout(PATIENCE_MS);
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.text().includes("Content Security Policy")) complaints.push(message.text());
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(center.url)) complaints.push(`request to ${request.url()}`);
  });
});

afterEach(async () => {
  await page.close();
  expect(complaints).toEqual([]);
});

afterAll(async () => {
  await browser?.close();
  await surroundings.remove();
});

const open = (path: string) => page.goto(center.url + path);
const heading = (name: string, where = page) =>
  where.getByRole("heading", { level: 1, name, exact: true }).waitFor();
const shows = (text: string | RegExp) => page.getByText(text).first().waitFor();

it("shows the pipeline with its hops and charts", async () => {
  await open("/");
  await heading("Pipeline");
  await page.getByRole("list", { name: "Hops" }).getByRole("listitem").nth(3).waitFor();
  expect(await page.locator(".hop h2").allTextContents()).toEqual([
    "Staged",
    "Published",
    "Processed",
    "Stored",
  ]);
  await page
    .getByRole("img", { name: /Users per second, last 15 minutes/ })
    .locator("canvas")
    .waitFor();
});

it.each(["/", "/brokers", "/topics", "/groups", "/schemas", "/dead-letters", "/messages"])(
  "fits %s into 1024 pixels, in the light and in the dark",
  async (path) => {
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await open(path);
      await page.locator("h1").waitFor();
      await page.locator(".loading").waitFor({ state: "detached" });
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(1024);
    }
  },
);

it("can be used by keyboard", async () => {
  await open("/topics");
  await heading("Topics");
  await page.keyboard.press("Tab");
  expect(await page.locator(":focus").textContent()).toBe("Skip to the content");
  await page.keyboard.press("Enter");
  await page.locator("#main:focus").waitFor();
  await page.getByRole("link", { name: surroundings.createdTopic }).waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type(surroundings.createdTopic);
  const link = page.getByRole("rowheader").getByRole("link");
  const only = surroundings.createdTopic;
  await until("the table has but one topic", async () => (await link.allTextContents()).join() === only);
  await link.focus();
  await page.keyboard.press("Enter");
  await heading(surroundings.createdTopic);
  await page.locator("h1:focus").waitFor();
  expect(await page.title()).toBe(`${surroundings.createdTopic} · Topics · Control Center`);
  await page.goBack();
  await heading("Topics");
});

it("sorts a table", async () => {
  await open("/topics");
  await page.getByRole("button", { name: "Partitions" }).click();
  await page.getByRole("button", { name: "Partitions" }).click();
  await page.locator('th[aria-sort="descending"]', { hasText: "Partitions" }).waitFor();
  const counts = (await page.locator("tbody td:nth-child(2)").allTextContents()).map(Number);
  expect(counts).toEqual(counts.toSorted((a, b) => b - a));
});

it("shows messages, personal data only when asked to", async () => {
  await open(`/messages?topic=${surroundings.createdTopic}`);
  await shows("tombstone");
  const rows = page.locator("table.messages tbody tr");
  await rows
    .filter({ hasText: "id" })
    .or(rows.filter({ hasText: "version" }))
    .first()
    .getByRole("button")
    .click();
  await shows("9 values masked");
  expect(await page.content()).not.toContain("Lovelace");
  await page.getByLabel("Show personal data").check();
  await page.locator("pre", { hasText: "Lovelace" }).waitFor();
});

it("follows a topic live", async () => {
  await open(`/messages?topic=${surroundings.statsTopic}`);
  await shows("No messages here");
  await page.getByRole("button", { name: "Follow live" }).click();
  await shows("Waiting for the next message");
  // Following begins at the end of the topic as it is when the server comes to ask.
  const row = page.locator("td", { hasText: "news" });
  while ((await row.count()) === 0) {
    await surroundings.publish(surroundings.statsTopic, [{ key: "news", value: "{}" }]);
    await row
      .first()
      .waitFor({ timeout: 1_000 })
      .catch(() => {});
  }
  await page.getByRole("button", { name: "Stop following" }).click();
  await shows("At most");
});

it("checks a schema and shows the registry's reasons", async () => {
  await open("/schemas/user_stats-value");
  await page
    .getByRole("textbox")
    .fill(
      '{"type":"record","name":"UserStats","namespace":"pipeline.users","fields":[{"name":"added","type":"string"}]}',
    );
  await page.getByRole("button", { name: "Check" }).click();
  await shows("Not compatible.");
  await page.locator(".notice li", { hasText: "added" }).waitFor();
});

it("shows dead letters by reason, and bytes on demand", async () => {
  await open("/dead-letters");
  await page.locator(".reasons li", { hasText: "not in the wire format" }).waitFor();
  await page.getByRole("button", { name: "Show" }).click();
  await page.locator("pre", { hasText: "6e 6f 74" }).waitFor();
  await page.getByRole("link", { name: `${surroundings.createdTopic}/0 @ 0` }).click();
  await heading("Messages");
  expect(page.url()).toContain("from=offset&offset=0");
});

it("says so when an address leads nowhere", async () => {
  await open("/nowhere");
  await heading("No such page");
  await open("/topics/none");
  await shows("there is no topic none");
  await open("/messages?topic=none");
  await shows("there is no topic none");
});

it("keeps the last figures while the broker is away, and recovers by itself", async () => {
  const broker = await BrokerContainer.start();
  const own = await Surroundings.create(broker.kafka);
  try {
    const { url } = await own.start();
    const elsewhere = await browser.newPage();
    elsewhere.setDefaultTimeout(PATIENCE_MS);
    const link = (name: string) => elsewhere.getByRole("link", { name }).first();
    await elsewhere.goto(`${url}/topics`);
    await link(own.createdTopic).waitFor();
    await broker.whileStopped(async () => {
      await elsewhere.getByRole("alert").filter({ hasText: "These figures are from" }).first().waitFor();
      expect(await link(own.createdTopic).count()).toBe(1);
      await link("Messages").click();
      await heading("Messages", elsewhere);
    });
    await link("Topics").click();
    await heading("Topics", elsewhere);
    await elsewhere.getByRole("alert").first().waitFor({ state: "detached" });
    await link(own.createdTopic).click();
    await elsewhere.getByRole("rowheader", { name: "retention.ms" }).waitFor({ state: "detached" });
    await elsewhere.getByText("Next offset").first().waitFor();
    await elsewhere.close();
  } finally {
    await own.remove();
    await broker.remove();
  }
});

it("reports that the Control Center itself is unreachable, and resumes when it is back", async () => {
  const own = await Surroundings.create();
  try {
    const env = await own.env();
    const first = await own.start({ PORT: env["PORT"]! });
    const elsewhere = await browser.newPage();
    elsewhere.setDefaultTimeout(PATIENCE_MS);
    await elsewhere.goto(`${first.url}/topics`);
    await elsewhere.getByRole("link", { name: own.createdTopic }).waitFor();
    await first.app.stop();
    await elsewhere.getByText("No connection, retrying").waitFor();
    await own.start({ PORT: env["PORT"]! });
    await elsewhere.getByText("Live, every 5 s").waitFor();
    await elsewhere.getByRole("alert").first().waitFor({ state: "detached" });
    await elsewhere.close();
  } finally {
    await own.remove();
  }
});

import { createHash } from "node:crypto";
import { createLogger } from "@pipeline/common/logging";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { NATIONALITIES } from "../src/nationalities";
import { FIELDS } from "../src/query";
import { buildServer } from "../src/server";
import type { User } from "../src/record";

interface Answer {
  results: User[];
  info: { seed: string; results: number; page: number; version: string };
}

const text = z.string().min(1);
const dated = z.strictObject({ date: z.iso.datetime(), age: z.int().min(0) });

/** A record of version 1.4, as its documentation shows it. */
const record: z.ZodType<User> = z.strictObject({
  gender: z.enum(["male", "female"]),
  name: z.strictObject({ title: text, first: text, last: text }),
  location: z.strictObject({
    street: z.strictObject({ number: z.int().positive(), name: text }),
    city: text,
    state: text,
    country: text,
    postcode: z.union([z.int().positive(), text]),
    coordinates: z.strictObject({
      latitude: z.string().regex(/^-?\d{1,2}\.\d{4}$/),
      longitude: z.string().regex(/^-?\d{1,3}\.\d{4}$/),
    }),
    timezone: z.strictObject({ offset: z.string().regex(/^[+-]?\d{1,2}:\d{2}$/), description: text }),
  }),
  email: z.string().regex(/^[\x21-\x7e]+@example\.com$/),
  login: z.strictObject({
    uuid: z.uuid(),
    username: z.string().regex(/^[a-z]+\d{3}$/),
    password: text,
    salt: z.string().regex(/^[A-Za-z0-9]{8}$/),
    md5: z.string().length(32),
    sha1: z.string().length(40),
    sha256: z.string().length(64),
  }),
  dob: dated,
  registered: dated,
  phone: text,
  cell: text,
  id: z.strictObject({ name: z.string(), value: text.nullable() }),
  picture: z.strictObject({
    large: z.string().regex(/^https:\/\/randomuser\.me\/api\/portraits\/(wo)?men\/\d+\.jpg$/),
    medium: z.string().regex(/\/portraits\/med\/(wo)?men\/\d+\.jpg$/),
    thumbnail: z.string().regex(/\/portraits\/thumb\/(wo)?men\/\d+\.jpg$/),
  }),
  nat: z.enum(NATIONALITIES),
});

// Real requests: fastify's inject() loads an ES module, which jest cannot.
let server: FastifyInstance;
let url: string;
beforeAll(async () => {
  server = buildServer(createLogger("test", "silent"));
  url = await server.listen({ port: 0, host: "127.0.0.1" });
});
afterAll(() => server.close());

async function get(query = "", path = "/api/"): Promise<Answer> {
  const response = await fetch(`${url}${path}?${query}`);
  expect(response.status).toBe(200);
  return (await response.json()) as Answer;
}

const uuids = (answer: Answer) => answer.results.map((user) => user.login.uuid);
const distinct = <T>(values: T[]) => [...new Set(values)].sort();

describe("records", () => {
  it.each(NATIONALITIES)("have the shape of version 1.4: %s", async (nat) => {
    const { results } = await get(`results=50&seed=shape&nat=${nat}`);
    expect(z.array(record).safeParse(results).error).toBeUndefined();
    expect(results.every((user) => user.nat === nat)).toBe(true);
    expect(Object.keys(results[0] ?? {})).toEqual(FIELDS);
  });

  it("carry hashes of password and salt", async () => {
    for (const { login } of (await get("results=20")).results) {
      for (const algorithm of ["md5", "sha1", "sha256"] as const) {
        const hash = createHash(algorithm).update(login.password + login.salt);
        expect(login[algorithm]).toBe(hash.digest("hex"));
      }
    }
  });

  it("are different users, 5,000 at once", async () => {
    expect(distinct(uuids(await get("results=5000")))).toHaveLength(5000);
  });
});

describe("seed and page", () => {
  it("give the same users again, with any fields left out", async () => {
    const first = await get("results=25&seed=abc&page=3&nat=de,fr");
    expect(await get("results=25&seed=abc&page=3&nat=de,fr")).toEqual(first);
    const part = await get("results=25&seed=abc&page=3&nat=de,fr&inc=login");
    expect(uuids(part)).toEqual(uuids(first));
  });

  it("do not depend on how many are asked for", async () => {
    const many = await get("results=25&seed=abc");
    expect((await get("results=5&seed=abc")).results).toEqual(many.results.slice(0, 5));
  });

  it("give no user on two pages or for two seeds", async () => {
    const queries = ["seed=abc&page=1", "seed=abc&page=2", "seed=abc&page=11", "seed=abc1", "seed=abd"];
    const all = await Promise.all(queries.map((query) => get(`results=200&${query}`)));
    expect(distinct(all.flatMap(uuids))).toHaveLength(200 * queries.length);
  });

  it("are named in info; without a seed a random one, which repeats the answer", async () => {
    const answer = await get("results=3&page=2");
    expect(answer.info).toEqual({
      seed: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
      results: 3,
      page: 2,
      version: "1.4",
    });
    expect(await get(`results=3&page=2&seed=${answer.info.seed}`)).toEqual(answer);
    expect((await get()).info.seed).not.toBe(answer.info.seed);
  });
});

describe("parameters", () => {
  it.each(["", "results=0", "results=-1", "results=5001", "results=abc", "results=", "results=1.5"])(
    "results out of range are one: %p",
    async (query) => {
      expect((await get(query)).results).toHaveLength(1);
    },
  );

  it.each(["page=0", "page=-1", "page=10001", "page=x"])(
    "a page out of range is the first: %s",
    async (query) => {
      expect((await get(query)).info.page).toBe(1);
    },
  );

  it("nat chooses nationalities in any case; one unknown code makes the list ignored", async () => {
    const nats = async (query: string) =>
      distinct((await get(`results=400&${query}`)).results.map(({ nat }) => nat));
    expect(await nats("nat=gb,US")).toEqual(["GB", "US"]);
    expect(await nats("nat=gb,xx")).toEqual([...NATIONALITIES]);
    expect(await nats("")).toEqual([...NATIONALITIES]);
  });

  it("gender chooses one, except with a seed", async () => {
    const genders = async (query: string) =>
      distinct((await get(`results=60&${query}`)).results.map(({ gender }) => gender));
    expect(await genders("gender=female")).toEqual(["female"]);
    expect(await genders("gender=male")).toEqual(["male"]);
    expect(await genders("gender=other")).toEqual(["female", "male"]);
    expect(await genders("gender=female&seed=abc")).toEqual(["female", "male"]);
  });

  it("inc and exc choose fields", async () => {
    const fields = async (query: string) => Object.keys((await get(query)).results[0] ?? {});
    expect(await fields("inc=nat,Email, gender,nothing")).toEqual(["gender", "email", "nat"]);
    expect(await fields("inc=nat,email&exc=nat")).toEqual(["email"]);
    expect(await fields("exc=login")).toEqual(FIELDS.filter((field) => field !== "login"));
  });

  it("noinfo leaves info out", async () => {
    expect(Object.keys(await get("noinfo"))).toEqual(["results"]);
  });

  it.each([
    ["upper,lower,1-16", /^[A-Za-z]{1,16}$/],
    ["number,12", /^\d{12}$/],
    ["special,lower", /^[^A-Z0-9]{8,64}$/],
    ["number,65-80", /^\d{8,64}$/],
    ["12", /^[a-z-]+$/],
    ["", /^[a-z-]+$/],
  ])("password=%s", async (rule, pattern) => {
    // So many that rare words are among them.
    const { results } = await get(`results=2000&seed=rare&inc=login&password=${rule}`);
    for (const { login } of results) expect(login.password).toMatch(pattern);
  });

  it("of a repeated parameter the last one counts", async () => {
    expect((await get("results=2&results=3")).results).toHaveLength(3);
  });

  it("format=pretty indents; formats other than JSON are refused in the API's way", async () => {
    const pretty = await (await fetch(`${url}/api/?format=pretty&seed=abc`)).text();
    expect(pretty).toContain('\n  "results": [\n');
    expect(JSON.parse(pretty)).toEqual(await get("seed=abc"));
    const csv = await fetch(`${url}/api/?format=csv`);
    expect([csv.status, await csv.json()]).toEqual([
      400,
      { error: 'format "csv" is not served here: use json or pretty' },
    ]);
  });
});

describe("addresses", () => {
  it.each(["/api", "/api/", "/api/1.4", "/api/1.4/"])("%s", async (path) => {
    expect((await get("seed=abc", path)).info.version).toBe("1.4");
  });

  it("other versions are not found", async () => {
    const response = await fetch(`${url}/api/1.3/`);
    expect(response.status).toBe(404);
    expect(await response.json()).toHaveProperty("error");
  });

  it("of operation: alive, ready, and what was served", async () => {
    const served = async () => {
      const metrics = await (await fetch(`${url}/metrics`)).text();
      return Number(/users_served_total{app="random-user-api"} (\d+)/.exec(metrics)?.[1]);
    };
    const before = await served();
    await get("results=7");
    expect(await served()).toBe(before + 7);
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
  });
});

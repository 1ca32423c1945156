import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { type Location, locationOf } from "../src/location";
import { parseUser, type User } from "../src/records";
import { UsersWriter } from "../src/users-writer";
import { Crash, crashing, type CrashPoint, DONE, sinkDatabase, StoredRows, testStatements } from "./database";
import { userRecord } from "./records";

const statements = testStatements();
const database = sinkDatabase();
const writer = new UsersWriter(database, statements);
let stored: StoredRows;

beforeAll(async () => {
  stored = await StoredRows.open();
});
afterAll(async () => {
  await stored.close();
  await database.close();
});

/** Versions of one user, in the given countries one after the other. */
function versionsOf(...countries: (string | null)[]): User[] {
  const id = randomUUID();
  const stagedAt = Date.now() * 1000;
  return countries.map((country_code, index) =>
    parseUser(
      userRecord({
        id,
        staged_at: stagedAt,
        version: stagedAt + index,
        country_code,
        first_name: index % 2 === 0 ? `name ${index}` : null,
      }),
      Date.now(),
    ),
  );
}

const placeOf = ({ id, country_code, stagedAt }: User): Location => locationOf(id, country_code, stagedAt);

/** Checks that both tables hold this version of the user, and that nothing is left in the places of the others. */
async function expectStored(newest: User, versions: User[]): Promise<void> {
  const row = await stored.user(newest.id);
  expect(row).toMatchObject({ first_name: newest.first_name, country_code: newest.country_code });
  expect(Number(row!["version"])).toBe(newest.version);
  const places = new Map(versions.map((user) => [JSON.stringify(placeOf(user)), placeOf(user)]));
  const rows = await stored.byCountry([...places.values()]);
  expect(
    rows.map((found) => ({ country: found["country_code"] as string, version: Number(found["version"]) })),
  ).toEqual([{ country: placeOf(newest).countryCode, version: newest.version }]);
}

test("a user is in both tables, with every field", async () => {
  const user = parseUser(userRecord(), Date.now());
  expect(await writer.write(user)).toBe(true);
  const { registeredDate, stagedAt, ...fields } = user;
  expect(await stored.user(user.id)).toMatchObject({
    ...fields,
    id: expect.objectContaining({}) as unknown,
    version: expect.objectContaining({}) as unknown,
    staged_at: stagedAt,
    registered_date: registeredDate,
    stored_at: expect.any(Date) as Date,
  });
  await expectStored(user, [user]);
});

test("a user of as much as a record of Kafka's may hold is in both tables", async () => {
  const user = parseUser(userRecord({ address: "x".repeat(1_000_000) }), Date.now());
  expect(await writer.write(user)).toBe(true);
  expect(await stored.user(user.id)).toMatchObject({ address: user.address });
  await expectStored(user, [user]);
});

test("the same version again changes nothing", async () => {
  const [user] = versionsOf("DE");
  await writer.write(user!);
  const before = await stored.user(user!.id);
  expect(await writer.write(user!)).toBe(false);
  expect(await stored.user(user!.id)).toEqual(before);
  await expectStored(user!, [user!]);
});

test("an older version that comes later changes nothing, not even a field the newer one has not", async () => {
  const [older, newer] = versionsOf("DE", "DE");
  expect(newer!.first_name).toBeNull();
  await writer.write(newer!);
  expect(await writer.write(older!)).toBe(false);
  await expectStored(newer!, [older!, newer!]);
});

test("a user who changes country leaves the former one", async () => {
  const [before, after] = versionsOf("DE", "FR");
  await writer.write(before!);
  await writer.write(after!);
  await expectStored(after!, [before!, after!]);
});

test("a user who comes back to a former country is there", async () => {
  const versions = versionsOf("DE", "FR", "DE");
  for (const version of versions) await writer.write(version);
  await expectStored(versions[2]!, versions);
});

test("a row made by hand is overwritten", async () => {
  const user = parseUser(userRecord(), Date.now());
  const { query } = statements.insertUser(user, new Date());
  const params = new Array<unknown>(query.split("?").length - 1).fill(null);
  await database.execute({ query, params: [user.id, ...params.slice(1, -1), 1] });
  expect(await writer.write(user)).toBe(true);
  await expectStored(user, [user]);
});

describe("whatever is interrupted, repeated and out of order", () => {
  /** Look-up, rehearsal, new place, old place, created_users. */
  const MOST_REQUESTS = 5;

  /** Stores a version, in a process that may crash meanwhile; false when it did. */
  async function attempt(version: User, crash: CrashPoint | null): Promise<boolean> {
    const process = crash ? crashing(database, crash) : database;
    try {
      await new UsersWriter(process, statements).write(version);
      return true;
    } catch (error) {
      if (error instanceof Crash) return false;
      throw error;
    }
  }

  test("three versions in every order, a crash at every point of one, which comes again last", async () => {
    const countries = [
      ["DE", "FR", "GB"],
      ["DE", "FR", "DE"],
      ["DE", "DE", "FR"],
      ["DE", "FR", "FR"],
    ];
    const orders = [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ];
    const crashes = Array.from({ length: MOST_REQUESTS }, (_, requests) =>
      DONE.map((done) => ({ requests, done })),
    ).flat();
    for (const [order, crashing] of orders.flatMap((order) =>
      order.map((index) => [order, index] as const),
    )) {
      // Different users do not touch each other: side by side.
      await Promise.all(
        countries.flatMap((countries) =>
          crashes.map(async (crash) => {
            const versions = versionsOf(...countries);
            for (const index of order) await attempt(versions[index]!, index === crashing ? crash : null);
            await attempt(versions[crashing]!, null);
            await expectStored(versions.at(-1)!, versions);
          }),
        ),
      );
    }
  });

  test("any history of attempts and crashes, then what was not completed once more", async () => {
    const history = fc
      .array(fc.constantFrom("DE", "FR", null), { minLength: 1, maxLength: 4 })
      .chain((countries) =>
        fc.record({
          countries: fc.constant(countries),
          attempts: fc.array(
            fc.record({
              index: fc.nat({ max: countries.length - 1 }),
              crash: fc.option(
                fc.record({ requests: fc.nat({ max: MOST_REQUESTS - 1 }), done: fc.constantFrom(...DONE) }),
                { freq: 1 },
              ),
            }),
            { maxLength: 8 },
          ),
          replay: fc.shuffledSubarray([...countries.keys()], { minLength: countries.length }),
        }),
      );
    await fc.assert(
      fc.asyncProperty(fc.array(history, { minLength: 1, maxLength: 30 }), async (histories) => {
        await Promise.all(
          histories.map(async ({ countries, attempts, replay }) => {
            const versions = versionsOf(...countries);
            const completed = new Set<number>();
            for (const { index, crash } of attempts) {
              if (await attempt(versions[index]!, crash)) completed.add(index);
              else completed.delete(index);
            }
            for (const index of replay.filter((index) => !completed.has(index))) {
              await attempt(versions[index]!, null);
            }
            await expectStored(versions.at(-1)!, versions);
          }),
        );
      }),
      { numRuns: 20 },
    );
  });

  test("statements of a process that lost its partition may arrive late", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom("DE", "FR", null), { minLength: 2, maxLength: 4 }),
        fc.nat({ max: MOST_REQUESTS }),
        async (countries, requestsBefore) => {
          const versions = versionsOf(...countries);
          let goOn!: () => void;
          const paused = new Promise<void>((resolve) => (goOn = resolve));
          let left = requestsBefore;
          const slow = new UsersWriter(
            {
              check: () => database.check(),
              async execute(...statements) {
                if (left-- <= 0) await paused;
                return database.execute(...statements);
              },
            },
            statements,
          );
          const late = slow.write(versions[0]!);
          for (const version of versions) await writer.write(version);
          goOn();
          await late;
          await expectStored(versions.at(-1)!, versions);
        },
      ),
      { numRuns: 50 },
    );
  });
});

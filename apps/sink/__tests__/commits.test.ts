import { createLogger, createMetrics, loadConfig, Readiness } from "@pipeline/common";
import { until } from "@pipeline/common/testing/app-process";
import type { Database } from "../src/cassandra";
import { CONFIG_SPEC } from "../src/config";
import { runSink } from "../src/sink";
import type { Statement } from "../src/statements";
import { sinkDatabase, StoredRows, testStatements } from "./database";
import { userRecord } from "./records";
import { Surroundings } from "./surroundings";

/** Lets every statement through but those with this value, which wait until they are released. */
class HeldBack implements Database {
  readonly #inner = sinkDatabase();
  readonly #released: Promise<void>;
  release!: () => void;

  constructor(private readonly value: unknown) {
    this.#released = new Promise((resolve) => (this.release = resolve));
  }

  async execute(...statements: Statement[]) {
    if (statements.some(({ params }) => params.includes(this.value))) await this.#released;
    return this.#inner.execute(...statements);
  }

  check() {
    return this.#inner.check();
  }

  close() {
    return this.#inner.close();
  }
}

test("the committed offset never passes a record that Cassandra did not acknowledge", async () => {
  const surroundings = await Surroundings.create();
  const stored = await StoredRows.open();
  const users = Array.from({ length: 60 }, () => userRecord());
  const position = 20;
  const ids = users.map(({ id }) => id);
  const database = new HeldBack(ids[position]);
  const stopping = new AbortController();
  const readiness = new Readiness(["kafka", "schema-registry", "cassandra"] as const);
  const running = runSink(
    {
      config: loadConfig(CONFIG_SPEC, await surroundings.env()),
      database,
      statements: testStatements(),
      readiness,
      metrics: createMetrics("sink", readiness),
      logger: createLogger("sink", "silent"),
    },
    stopping.signal,
  );
  try {
    await surroundings.publish(
      surroundings.usersTopic,
      users.map((user) => ({ ...surroundings.userMessage(user), partition: 0 })),
    );
    await until("all others are stored", async () => (await stored.countOf(ids)) === users.length - 1);
    // Perhaps in several steps.
    await until("what precedes is committed", async () =>
      (await surroundings.committed(surroundings.usersTopic)).some((offset) => offset >= position),
    );
    expect(await surroundings.committed(surroundings.usersTopic)).toEqual([position, 0, 0]);

    database.release();
    await surroundings.allCommitted();
    expect(await stored.countOf(ids)).toBe(users.length);
  } finally {
    stopping.abort(new Error("the test is over"));
    await running;
    await database.close();
    await stored.close();
    await surroundings.remove();
  }
});

import execa from "execa";
import type { PipelineView } from "../../apps/control-center/src/api";
import { pipelineStack, ROOT, settings, synth } from "../../tools/cli/project";
import { Terraform } from "../../tools/cli/terraform";
import { cqlColumn, eventually, run, typed } from "./support";

/** The deployed proof, in the order in which a user would try things. Each test goes on where the one before ended. */

jest.setTimeout(40 * 60_000);

const USERS = 500;
const SEED = `e2e-${Date.now()}`;
const LABEL = "label=realtime-data-pipeline=pipeline";

/** `make TARGET`, with its output shown as it comes. */
async function make(target: string): Promise<void> {
  await execa("make", [target], { cwd: ROOT, stdio: "inherit" });
}

/** What the source answers for the seed of this run. */
async function sourceUsers(): Promise<
  { login: { uuid: string }; name: { first: string; last: string }; email: string }[]
> {
  const url = `http://random-user-api:8080/api/?results=${USERS}&seed=${SEED}`;
  const { results } = JSON.parse(await run("docker", "exec", "airflow-scheduler", "curl", "-fsS", url)) as {
    results: { login: { uuid: string }; name: { first: string; last: string }; email: string }[];
  };
  return results;
}

async function storedIds(): Promise<Set<string>> {
  return new Set(await cqlColumn("SELECT id FROM spark_streams.created_users;"));
}

test.each(["SIGINT", "SIGKILL"] as const)("make up can be interrupted by %s", async (signal) => {
  const makeUp = execa("make", ["up"], {
    cwd: ROOT,
    reject: false,
    all: true,
    buffer: false,
    detached: true,
  });
  // In the middle: one container is ready, others are on their way.
  await new Promise<void>((resolve, reject) => {
    let output = "";
    makeUp.all!.on("data", (chunk: Buffer) => {
      process.stdout.write(chunk);
      output += chunk.toString();
      if (/ ready /.test(output)) resolve();
    });
    makeUp.all!.on("end", () => reject(new Error("make up ended before anything was ready")));
  });
  process.kill(-makeUp.pid!, signal);
  expect((await makeUp).exitCode).not.toBe(0);
});

test("make up brings users into Cassandra, wherever the one before was interrupted", async () => {
  await make("up");
  expect((await storedIds()).size).toBeGreaterThan(0);
});

test("every user of a run is a row in Cassandra, none missing, none twice, with the right fields", async () => {
  const users = await sourceUsers();
  const ids = users.map((user) => user.login.uuid);
  const conf = JSON.stringify({ users: USERS, seed: SEED });
  await run(
    "docker",
    "exec",
    "airflow-webserver",
    "airflow",
    "dags",
    "trigger",
    "kafka_stream_dag",
    "--conf",
    conf,
  );

  const missing = await eventually(
    async () => {
      const stored = await storedIds();
      return ids.filter((id) => !stored.has(id));
    },
    (left) => left.length === 0,
  );
  expect(missing).toEqual([]);
  // The id is the primary key: a user stored twice would be two rows only if it had two ids.
  expect(new Set(ids).size).toBe(USERS);

  const user = users[0];
  const cql = `SELECT JSON first_name, last_name, email FROM spark_streams.created_users WHERE id = ${user?.login.uuid};`;
  const [row = "{}"] = await cqlColumn(cql);
  expect(JSON.parse(row)).toEqual({
    first_name: user?.name.first,
    last_name: user?.name.last,
    email: user?.email.toLowerCase(),
  });
});

test("everything staged is stored, and nothing else is", async () => {
  const stagedIds = async () => {
    const query = "SELECT id FROM staging.users";
    const output = await run(
      "docker",
      "exec",
      "postgres",
      "psql",
      "-h",
      "/var/run/postgresql",
      "-U",
      "postgres",
      "-Atc",
      query,
      "pipeline",
    );
    return output.split("\n").filter(Boolean);
  };
  const difference = async () => {
    const [stored, staged] = [await storedIds(), new Set(await stagedIds())];
    return {
      missing: [...staged].filter((id) => !stored.has(id)),
      unexpected: [...stored].filter((id) => !staged.has(id)),
    };
  };
  const settled = await eventually(difference, (d) => d.missing.length + d.unexpected.length === 0);
  expect(settled).toEqual({ missing: [], unexpected: [] });
});

test("the Control Center shows users on their way, from the first hop to the last", async () => {
  const { ports } = settings();
  const look = async () => {
    const response = await fetch(`http://localhost:${ports.controlCenter}/api/pipeline`);
    const { data } = (await response.json()) as { data: PipelineView | null };
    return data?.hops.map(({ id, state, total }) => ({
      id,
      ok: state === "flowing" || state === "idle",
      total,
    }));
  };
  const settled = await eventually(
    look,
    (hops) => hops?.every(({ ok, total }) => ok && total! >= USERS) ?? false,
  );
  expect(settled).toEqual(
    ["staged", "created", "processed", "stored"].map((id) => ({
      id,
      ok: true,
      total: expect.any(Number) as number,
    })),
  );
});

test.each([
  [
    `docker exec -it cassandra cqlsh -e "SELECT COUNT(*) FROM spark_streams.created_users;"`,
    /count[\s\S]*\d+/,
  ],
  [
    "docker exec -it broker kafka-console-consumer --topic users_created --from-beginning --bootstrap-server localhost:9092 --max-messages 1",
    /Processed a total of 1 messages/,
  ],
  [
    "docker exec -it schema-registry kafka-avro-console-consumer --topic users_created --from-beginning --bootstrap-server broker:29092 --max-messages 1",
    /"first_name"/,
  ],
  ["docker exec -it airflow-webserver airflow dags test kafka_stream_dag", /state[=:]\s*'?success/i],
])("works as typed: %s", async (commandLine, expected) => {
  const { exitCode, output } = await typed(commandLine);
  expect(output).toMatch(expected);
  expect(exitCode).toBe(0);
});

test("a second plan is empty", async () => {
  const terraform = new Terraform(await synth(pipelineStack("docker")));
  expect(await terraform.hasChanges()).toBe(false);
});

test("down and up again keeps every row and the Kafka cluster", async () => {
  const clusterId = () =>
    run("docker", "exec", "broker", "kafka-cluster", "cluster-id", "--bootstrap-server", "broker:29092");
  const before = { ids: await storedIds(), cluster: await clusterId() };
  await make("down");
  expect(await run("docker", "ps", "--all", "--quiet", "--filter", LABEL)).toBe("");
  await make("up");
  const after = await storedIds();
  expect([...before.ids].filter((id) => !after.has(id))).toEqual([]);
  expect(await clusterId()).toBe(before.cluster);
});

test("destroy leaves no container, network or volume", async () => {
  await make("destroy");
  expect(await run("docker", "ps", "--all", "--quiet", "--filter", LABEL)).toBe("");
  expect(await run("docker", "network", "ls", "--quiet", "--filter", LABEL)).toBe("");
  expect(await run("docker", "volume", "ls", "--quiet", "--filter", LABEL)).toBe("");
});

test("a foreign container of the same name is refused before anything is created", async () => {
  const [image = ""] = (await run("docker", "image", "ls", "--quiet")).split("\n");
  await run("docker", "create", "--name", "broker", image, "true");
  try {
    const { exitCode, stderr } = await execa("make", ["up"], { cwd: ROOT, reject: false });
    expect(exitCode).not.toBe(0);
    expect(stderr).toMatch(/names +taken by what this checkout has not deployed: container broker\n/);
    expect(await run("docker", "ps", "--all", "--quiet", "--filter", LABEL)).toBe("");
  } finally {
    await run("docker", "rm", "broker");
  }
});

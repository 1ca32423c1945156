import execa from "execa";
import { ROOT } from "../../tools/cli/project";
import { targetOf } from "../../tools/cli/targets";
import { Deployment } from "../../tools/proof/deployment";
import { run, typed } from "../../tools/proof/support";
import { proveUsersArrive } from "./proofs";
import { proveSchemaChanges } from "./schema-changes";

/** The proof on local Docker, in the order in which a user would try things. Each test goes on where the one before ended. */

jest.setTimeout(40 * 60_000);

const LABEL = "label=realtime-data-pipeline=pipeline";
const deployment = new Deployment(targetOf("docker"));

test.each(["SIGINT", "SIGKILL"] as const)("make up can be interrupted by %s", async (signal) => {
  expect(await deployment.makeUpInterrupted(signal)).not.toBe(0);
});

test("make up brings users into Cassandra, wherever the one before was interrupted", async () => {
  await deployment.make("up");
  expect((await deployment.storedIds()).size).toBeGreaterThan(0);
});

proveUsersArrive(deployment);

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

proveSchemaChanges(deployment);

test("nothing is lost or doubled by some of the faults of make faults", async () => {
  const faults = ["broker-killed", "sink-killed", "poison"];
  await execa("make", ["faults", `ONLY=${faults.join(" ")}`], { cwd: ROOT, stdio: "inherit" });
});

test("make verify finds everybody in Cassandra", () => deployment.make("verify"));

test("down and up again keeps every row and the Kafka cluster", async () => {
  const before = { ids: await deployment.storedIds(), cluster: await deployment.clusterId() };
  await deployment.make("down");
  expect(await run("docker", "ps", "--all", "--quiet", "--filter", LABEL)).toBe("");
  await deployment.make("up");
  const after = await deployment.storedIds();
  expect([...before.ids].filter((id) => !after.has(id))).toEqual([]);
  expect(await deployment.clusterId()).toBe(before.cluster);
});

test("destroy leaves no container, network or volume", async () => {
  await deployment.make("destroy");
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
    expect(stderr).toMatch(/names +in use by objects that this checkout did not deploy: container broker\n/);
    expect(await run("docker", "ps", "--all", "--quiet", "--filter", LABEL)).toBe("");
  } finally {
    await run("docker", "rm", "broker");
  }
});

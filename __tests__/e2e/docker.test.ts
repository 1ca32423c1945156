import execa from "execa";
import { DEPLOYMENT_LABEL } from "../../infra/platforms/common";
import { Names } from "../../infra/platforms/docker";
import { ROOT, settings } from "../../tools/cli/project";
import { recordedDeploymentId } from "../../tools/cli/state";
import { targetOf } from "../../tools/cli/targets";
import { Deployment } from "../../tools/proof/deployment";
import { run, typed } from "../../tools/proof/support";
import { lastRelease } from "../../tools/upgrade/last-release";
import { provePlainCdktf } from "./plain-cdktf";
import { proveUsersArrive } from "./proofs";
import { proveSchemaChanges } from "./schema-changes";
import { proveSeparateCheckouts } from "./separate-checkouts";
import { proveUpgrade } from "./upgrade";

/**
 * The proof on local Docker, in the order in which a user would try things. Each test continues where the one before
 * ended.
 */

jest.setTimeout(40 * 60_000);

const deployment = new Deployment(targetOf("docker"));

proveUpgrade(deployment, lastRelease());

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

proveSeparateCheckouts(
  deployment,
  () => objects(),
  /✘ names +in use by objects that this checkout did not deploy: containers .*\n[^✘]*$/,
);

provePlainCdktf(deployment, () => objects(["container"]));

test("no container, network or volume is left", async () => {
  expect(await objects()).toEqual([]);
});

test("make up can be interrupted, and make destroy removes what there is by then", async () => {
  expect(await deployment.makeUpInterrupted("SIGINT")).not.toBe(0);
  expect(await objects()).not.toEqual([]);
});

test("make destroy refuses while a foreign container is on the network, and removes leftovers, but no copies", async () => {
  const image = "realtime-data-pipeline/debian:bookworm";
  const start = (name: string, ...options: readonly string[]) =>
    run("docker", "run", "--detach", "--name", name, ...options, "--entrypoint", "sleep", image, "infinity");
  const { network } = new Names(settings().namePrefix);
  const id = recordedDeploymentId(deployment.target.stack().stack);
  const label = ["--label", `${DEPLOYMENT_LABEL}=${id}`];
  await start("notebook", "--network", network);
  // As a deploy makes a container, and as a person runs an image that was committed from one.
  await start("leftover", "--hostname", "leftover", ...label);
  await start("copy", ...label);
  try {
    const { exitCode, stderr } = await execa("make", ["destroy"], { cwd: ROOT, reject: false });
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain(`run: docker network disconnect ${network} notebook`);
    expect(await objects(["volume"])).not.toEqual([]);

    await run("docker", "network", "disconnect", network, "notebook");
    await deployment.make("destroy");
    expect(await objects()).toEqual([]);
    const names = await run("docker", "ps", "--format", "{{.Names}}");
    expect(names.split("\n").sort()).toEqual(["copy", "notebook"]);
  } finally {
    await run("docker", "rm", "--force", "--volumes", "notebook", "leftover", "copy");
  }
});

test("a foreign container of the same name is refused before anything is created", async () => {
  const [image = ""] = (await run("docker", "image", "ls", "--quiet")).split("\n");
  await run("docker", "create", "--name", "broker", image, "true");
  try {
    const { exitCode, stderr } = await execa("make", ["up"], { cwd: ROOT, reject: false });
    expect(exitCode).not.toBe(0);
    expect(stderr).toMatch(/names +in use by objects that this checkout did not deploy: container broker\n/);
    expect(await objects()).toEqual([]);
  } finally {
    await run("docker", "rm", "--volumes", "broker");
  }
});

/** The ids of what the engine has of the pipeline. */
async function objects(kinds = ["container", "network", "volume"]): Promise<string[]> {
  const filter = ["--quiet", "--filter", new Names(settings().namePrefix).filter];
  const listed = kinds.map((kind) =>
    run("docker", kind, "ls", ...(kind === "container" ? ["--all"] : []), ...filter),
  );
  return (await Promise.all(listed)).flatMap((ids) => ids.split("\n").filter(Boolean));
}

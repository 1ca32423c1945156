import execa from "execa";
import { Construct, RootConstruct } from "constructs";
import { Pipeline } from "../../infra/pipeline";
import { ClusterNames } from "../../infra/platforms/kubernetes";
import { Progress } from "../../tools/cli/console";
import { settings, synthesized } from "../../tools/cli/project";
import { targetOf } from "../../tools/cli/targets";
import { clusters } from "../../tools/cli/targets/kind/cluster";
import { get, kubectl, kubectlOptions } from "../../tools/cli/targets/kind/kubectl";
import { Pod } from "../../tools/cli/targets/kind/pods";
import { Terraform } from "../../tools/cli/terraform";
import { objectsOf } from "../support/kubernetes";
import { allowedConnections } from "../support/reachability";
import { openableConnections } from "./connections";
import { Deployment } from "../../tools/proof/deployment";
import { Load } from "../../tools/proof/load";
import { provePlainCdktf } from "./plain-cdktf";
import { expectAllStored, proveUsersArrive } from "./proofs";
import { proveSeparateCheckouts } from "./separate-checkouts";
import { run, typed } from "../../tools/proof/support";

/**
 * The proof on a kind cluster, in the order in which a user would try things. Each test continues where the one before
 * ended.
 */

jest.setTimeout(40 * 60_000);

const target = targetOf("kind");
const deployment = new Deployment(target);
const names = new ClusterNames(settings().namePrefix);

test("make up can be interrupted, and the next one resumes", async () => {
  expect(await deployment.makeUpInterrupted("SIGKILL")).not.toBe(0);
  await deployment.make("up");
  expect((await deployment.storedIds()).size).toBeGreaterThan(0);
});

proveUsersArrive(deployment);

test.each([
  ["cassandra", `cqlsh -e "SELECT COUNT(*) FROM spark_streams.created_users;"`, /count[\s\S]*\d+/],
  [
    "broker",
    "kafka-console-consumer --topic users_created --from-beginning --bootstrap-server localhost:9092 --max-messages 1",
    /Processed a total of 1 messages/,
  ],
  ["airflow-webserver", "airflow dags test kafka_stream_dag", /state[=:]\s*'?success/i],
])("works as typed in %s: %s", async (service, command, expected) => {
  const kubectlExec = `tools/kind/kubectl ${kubectlOptions().join(" ")} exec -it service/${service} --`;
  const { exitCode, output } = await typed(`${kubectlExec} ${command}`);
  expect(output).toMatch(expected);
  expect(exitCode).toBe(0);
});

test("the namespace refuses a pod that is not restricted", async () => {
  const pod = ["run", "root", "--image", "anything", "--restart", "Never", "--dry-run=server"];
  const { exitCode, stderr } = await kubectl(pod, { reject: false });
  expect(exitCode).not.toBe(0);
  expect(stderr).toMatch(/violates PodSecurity "restricted/);
});

test("pods can open the connections that grants have opened, and no others", async () => {
  const pipeline = (scope: Construct) =>
    new Pipeline(scope, "pipeline", { settings: settings(), imageSource: "build" });
  const pods = await get<Pod>("pods", "--field-selector", "status.phase=Running");
  const running = pods.map(({ metadata }) => metadata.labels["app.kubernetes.io/name"]);
  const granted = allowedConnections(objectsOf(pipeline(new RootConstruct("root")))).filter((line) => {
    const [, client = "", server = ""] = /^(.+) -> (.+):/.exec(line) ?? [];
    // Jobs have ended, and nobody asks whether a pod reaches itself.
    return running.includes(client) && client !== server;
  });
  expect(await openableConnections()).toEqual(granted);
});

// One at a time takes a quarter longer. `make faults TARGET=kind` deletes nine services alone.
test("deleting every pod, two at a time, loses nothing, under load", async () => {
  const load = new Load(await new Terraform(synthesized(target.stack())).passwords());
  const pods = await get<Pod>("pods", "--field-selector", "status.phase=Running");
  for (let i = 0; i < pods.length; i += 2) {
    const two = pods.slice(i, i + 2).map(({ metadata }) => metadata.name);
    await kubectl(["delete", "pod", ...two, "--wait=false"]);
    await target.afterApply(new Progress());
  }
  const staged = await load.stop();
  await expectAllStored(deployment);
  const stored = await deployment.storedIds();
  expect(staged.filter((id) => !stored.has(id))).toEqual([]);
  expect(staged.length).toBeGreaterThan(100);
});

proveSeparateCheckouts(
  deployment,
  async () => (await get<Pod>("pods")).map(({ metadata }) => metadata.name),
  /✘ the namespace \S+ belongs to another deployment; nothing was changed in it/,
);

provePlainCdktf(deployment, () => get("pods"));

test("the namespace is gone, with everything in it", async () => {
  const { exitCode, stderr } = await kubectl(["get", "namespace", names.namespace], { reject: false });
  expect(exitCode).not.toBe(0);
  expect(stderr).toMatch(/not found/);
});

test("destroy leaves no cluster, and nothing of it on the engine", async () => {
  await deployment.make("destroy");
  expect(await clusters()).not.toContain(names.cluster);
  const all = ["ps", "--all", "--quiet", "--filter", `label=io.x-k8s.kind.cluster=${names.cluster}`];
  expect(await run("docker", ...all)).toBe("");
  const { exitCode } = await execa("tools/kind/kubectl", ["config", "get-contexts", names.context], {
    reject: false,
  });
  expect(exitCode).not.toBe(0);
});

import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { resolveSettings } from "../../infra/settings";
import { report } from "../../tools/cli/preflight";
import { fine, problem } from "../../tools/cli/preflight/check";
import { checkDisk } from "../../tools/cli/preflight/disk";
import { checkMemory } from "../../tools/cli/preflight/memory";
import { readJobFile, readPlan } from "../../tools/cli/targets/docker/plan";
import { mib } from "../../tools/cli/targets/kind/capacity";
import { readJobFile as readClusterJobFile, wantedPods } from "../../tools/cli/targets/kind/preflight";
import { checkPorts } from "../../tools/cli/preflight/ports";
import { checkSchemas } from "../../tools/cli/preflight/schemas";

const container = (memory: number) => ({ name: "broker", memory });
const engine = (MemTotal: number) => ({ MemTotal, DockerRootDir: tmpdir(), OperatingSystem: "" });

test("what a deploy needs is read from what is synthesized; a job needs a name only", () => {
  const directory = mkdtempSync(join(tmpdir(), "stack-"));
  const resource = {
    docker_container: {
      broker: { name: "broker", memory: 896, ports: [{ external: 9092, internal: 9092 }] },
      "topics-run": { name: "topics", memory: 192, must_run: false },
    },
    docker_network: { pipeline: { name: "network" } },
  };
  writeFileSync(join(directory, "cdk.tf.json"), JSON.stringify({ resource }));
  expect(readPlan(directory)).toEqual({
    containers: [{ name: "broker", memory: 896 }],
    names: { container: ["broker", "topics"], network: ["network"], volume: [] },
  });
});

test("what a cluster has to hold is read from what is synthesized, all replicas of it", () => {
  const directory = mkdtempSync(join(tmpdir(), "stack-"));
  const controller = (name: string, replicas: number) => ({
    metadata: { name },
    spec: {
      replicas,
      template: { spec: { container: [{ resources: { limits: { memory: "896Mi" } } }] } },
    },
  });
  const resource = {
    kubernetes_deployment_v1: { worker: controller("worker", 2) },
    kubernetes_stateful_set_v1: { broker: controller("broker", 1) },
  };
  writeFileSync(join(directory, "cdk.tf.json"), JSON.stringify({ resource }));
  expect(wantedPods(directory)).toEqual([
    { name: "worker", memory: 2 * 896 },
    { name: "broker", memory: 896 },
  ]);
});

test("a job's files are read from what is synthesized, for either target", () => {
  const directory = mkdtempSync(join(tmpdir(), "stack-"));
  const resource = {
    docker_container: {
      "schemas-run": { upload: [{ file: "/etc/pipeline/setup.json", content: "docker" }] },
    },
    kubernetes_config_map_v1: { schemas: { data: { "etc.pipeline.setup.json": "kind" } } },
  };
  writeFileSync(join(directory, "cdk.tf.json"), JSON.stringify({ resource }));
  expect(readJobFile(directory, "schemas", "/etc/pipeline/setup.json")).toBe("docker");
  expect(readClusterJobFile(directory, "schemas", "/etc/pipeline/setup.json")).toBe("kind");
  expect(() => readJobFile(directory, "schemas", "/etc/other")).toThrow(/has no file \/etc\/other/);
});

test.each([
  ["2097152Ki", 2048],
  ["512Mi", 512],
  ["2Gi", 2048],
  ["1048576", 1],
])("memory: %s of a node is %d MiB", (amount, expected) => {
  expect(mib(amount)).toBe(expected);
});

test("memory: what runs already needs no more", () => {
  const tooLarge = container(1024 * 1024 * 1024);
  expect(checkMemory([tooLarge], [], undefined)).toMatchObject({ ok: false });
  expect(checkMemory([tooLarge], [tooLarge], undefined)).toMatchObject({ ok: true });
});

test("memory: an engine in a virtual machine has its own", () => {
  const small = checkMemory([container(4096)], [], engine(1024 ** 3));
  expect(small.ok).toBe(false);
  expect(small.state).toMatch(/^1\.0 GiB free, about 1\.8 GiB needed/);
  expect(small.remedies.join()).toMatch(/virtual machine/);
});

test("disk: without images more is needed", async () => {
  const first = await checkDisk(engine(0), false);
  const later = await checkDisk(engine(0), true);
  const needed = ({ state }: { state: string }) => Number(/(\d+) GiB needed/.exec(state)?.[1]);
  expect(needed(first)).toBeGreaterThan(needed(later));
});

test("ports: each one that is taken is named, with its setting", async () => {
  const servers = [createServer(), createServer()].map((server) => server.listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const [airflow, kafka] = servers.map((server) => (server.address() as AddressInfo).port);
  const { ports } = resolveSettings({});
  const findings = await checkPorts({ ...ports, airflow: airflow!, kafka: kafka! }, new Set());
  servers.forEach((server) => server.close());
  expect(findings.map(({ state }) => state)).toEqual(
    expect.arrayContaining([
      `${airflow} (ports.airflow) is in use by another program`,
      `${kafka} (ports.kafka) is in use by another program`,
    ]),
  );
});

/** The files of a schemas job with one subject, whose schema file has this content. */
function schemasJob(schema: string): (path: string) => string {
  const schemaFile = "/etc/pipeline/schemas/user.avsc";
  const subjects = [{ subject: "users-value", schemaFile, compatibility: "BACKWARD_TRANSITIVE" }];
  const files = new Map([
    ["/etc/pipeline/setup.json", JSON.stringify({ subjects })],
    [schemaFile, schema],
  ]);
  return (path) => files.get(path)!;
}

test("schemas: a registry that does not answer is left to the deploy", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const [finding] = await checkSchemas(schemasJob('"string"'), port);
  expect(finding).toMatchObject({
    ok: true,
    state: expect.stringContaining("not checked: the registry is unreachable") as string,
  });
});

test("schemas: a file that is none is named before anything is asked", async () => {
  const [finding] = await checkSchemas(schemasJob('{"type": "record", "name": "User"}'), 0);
  expect(finding).toMatchObject({
    ok: false,
    state: expect.stringMatching(/^user\.avsc is not a file with an Avro schema: /) as string,
  });
});

test("a report has a line for each finding, and below a problem what to do", () => {
  expect(report([fine("engine", "answers"), problem("ports", "8080 is taken", "End it.")])).toBe(
    ["✔ engine     answers", "✘ ports      8080 is taken", "             End it."].join("\n"),
  );
});

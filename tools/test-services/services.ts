import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import execa from "execa";
import { ServerImages } from "../../infra/images/server-images";
import { PROJECT } from "../../infra/platforms/common";
import { Names } from "../../infra/platforms/docker";
import { Progress } from "../cli/console";
import { ROOT, StackSource, synth, synthesized } from "../cli/project";
import { Terraform } from "../cli/terraform";

/** Prefix of the test services' container and volume names. */
export const PREFIX = "test";

const names = new Names(PREFIX);

/**
 * Label of further containers and volumes that this checkout's tests create; finds what an interrupted test left
 * behind.
 */
export const TESTS_LABEL = `${PROJECT}.tests=${ROOT}`;

const ports = { zookeeper: 12181, kafka: 19092, schemaRegistry: 18081, postgres: 15432, cassandra: 19042 };

/** Settings of the test services: ports that do not collide with a running pipeline. */
export const SETTINGS = { ports };

/** Containers of the servers. */
export const containers = {
  broker: names.container("broker"),
  postgres: names.container("postgres"),
  cassandra: names.container("cassandra"),
  schemaRegistry: names.container("schema-registry"),
};

const SOURCE: StackSource = {
  program: "tools/test-services/stack.ts",
  stack: "test-services",
  outdir: ".build/test-services",
};

/** File with the addresses and logins of the services, for the tests. */
const ACCESS_FILE = join(ROOT, ".cache/test-services.json");

/** Starts the services with topics, schemas, tables and roles, and writes their addresses and logins. */
export async function start(progress: Progress): Promise<void> {
  const terraform = new Terraform(await synth(SOURCE));
  await terraform.init();
  await terraform.apply(progress);
  const passwords = await terraform.passwords();
  const of = (id: string) => passwords[id] ?? "";
  const access = {
    kafka: { bootstrapServers: `localhost:${ports.kafka}` },
    schemaRegistry: { url: `http://localhost:${ports.schemaRegistry}` },
    postgres: {
      host: "localhost",
      port: ports.postgres,
      db: "pipeline",
      users: {
        postgres: of("postgres-password"),
        producer: of("postgres-producer-password"),
        dags: of("postgres-dags-password"),
        reader: of("postgres-reader-password"),
      },
    },
    cassandra: {
      host: "localhost",
      port: ports.cassandra,
      datacenter: "dc1",
      keyspace: "spark_streams",
      users: {
        admin: of("cassandra-admin-password"),
        sink: of("cassandra-sink-password"),
        reader: of("cassandra-reader-password"),
      },
    },
    containers,
    label: TESTS_LABEL,
  };
  mkdirSync(dirname(ACCESS_FILE), { recursive: true });
  writeFileSync(ACCESS_FILE, JSON.stringify(access, null, 2), { mode: 0o600 });
}

/** Removes the services with all their data. */
export async function stop(progress: Progress): Promise<void> {
  const terraform = new Terraform(await synth(SOURCE));
  await terraform.init();
  await removeWhatTestsLeft();
  await terraform.destroy(progress);
  rmSync(ACCESS_FILE, { force: true });
}

/** Removes what tests started and, being interrupted, did not remove themselves. */
async function removeWhatTestsLeft(): Promise<void> {
  const labelled = ["--quiet", "--filter", `label=${TESTS_LABEL}`];
  const containers = (await execa("docker", ["ps", "--all", ...labelled])).stdout.split("\n").filter(Boolean);
  if (containers.length > 0) await execa("docker", ["rm", "--force", "--volumes", ...containers]);
  const volumes = (await execa("docker", ["volume", "ls", ...labelled])).stdout.split("\n").filter(Boolean);
  if (volumes.length > 0) await execa("docker", ["volume", "rm", ...volumes]);
}

/** Name of an image that was built with the services. */
export async function imageName(id: keyof ServerImages | "sparkConnectors"): Promise<string> {
  const names = await new Terraform(synthesized(SOURCE)).output<Record<string, string>>("images");
  return names[id] ?? "";
}

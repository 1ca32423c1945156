import { randomUUID } from "node:crypto";
import { until } from "@pipeline/common/testing/app-process";
import { Construct } from "constructs";
import execa from "execa";
import { Postgres } from "../../infra/components/postgres";
import { imageName, TESTS_LABEL } from "../../tools/test-services/services";
import { imageOf } from "../support/definitions";
import { Template } from "../support/template";

const name = `postgres-data-${randomUUID().slice(0, 8)}`;
const LABEL = ["--label", TESTS_LABEL];
const VOLUME = "/var/lib/postgresql/data";

beforeEach(() => execa("docker", ["volume", "create", ...LABEL, name]));
afterEach(async () => {
  await execa("docker", ["rm", "--force", "--volumes", name]);
  await execa("docker", ["volume", "rm", "--force", name]);
});

/** The component's server, as a deploy would start it. */
function declared(): { command: string[]; env: string[] } {
  const template = Template.fromDefinition((stack) => {
    const scope = new Construct(stack, "definition");
    const image = imageOf(scope, "image");
    new Postgres(scope, "postgres", { image, setupImage: image, publishedPort: 5432, memory: 512 });
    return scope;
  });
  return template.container("postgres") as { command: string[]; env: string[] };
}

/** Starts a server on the test's volume in place of the one before. */
async function serve(command: string[], env: string[]): Promise<void> {
  await execa("docker", ["rm", "--force", "--volumes", name]);
  const options = ["--user", "999:999", "--cap-drop", "ALL", "--volume", `${name}:${VOLUME}`];
  const variables = [...env, "POSTGRES_PASSWORD=postgres"].flatMap((each) => ["--env", each]);
  const image = await imageName("postgres");
  await execa("docker", [
    "run",
    "--detach",
    "--name",
    name,
    ...LABEL,
    ...options,
    ...variables,
    image,
    ...command,
  ]);
  await until("PostgreSQL answers", () =>
    execa("docker", ["exec", name, "pg_isready", "-q", "-h", "127.0.0.1"]).then(
      () => true,
      () => false,
    ),
  );
}

const sql = async (statement: string) => {
  const psql = ["psql", "-h", "127.0.0.1", "-U", "postgres", "-d", "pipeline", "-Atc", statement];
  return (await execa("docker", ["exec", "--env", "PGPASSWORD=postgres", name, ...psql])).stdout;
};

test.each([
  { made: "the first version, in the volume itself", folder: VOLUME },
  { made: "this version", folder: undefined },
])("data of $made is served again by this version", async ({ folder }) => {
  const { command, env } = declared();
  const ours = env.filter((each) => !/^POSTGRES_PASSWORD_FILE=/.test(each));
  if (folder) await serve([], [...ours.filter((each) => !/^PGDATA=/.test(each)), `PGDATA=${folder}`]);
  else await serve(command, ours);
  await sql("CREATE TABLE kept AS SELECT 42 AS answer");
  await execa("docker", ["stop", name]);

  await serve(command, ours);
  expect(await sql("SELECT answer FROM kept")).toBe("42");
  expect(await sql("SHOW wal_level")).toBe("logical");
});

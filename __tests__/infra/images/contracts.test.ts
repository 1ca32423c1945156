import { Pipeline } from "../../../infra/pipeline";
import { resolveSettings } from "../../../infra/settings";
import { Contract, contracts, honours } from "../../support/image-contracts";
import { Template } from "../../support/template";

/** What the components ask of the servers' images, in the synthesized configuration. */
const template = Template.fromDefinition(
  (stack) => new Pipeline(stack, "pipeline", { settings: resolveSettings({}), imageSource: "pull" }),
);

interface Container {
  readonly env: readonly string[];
  readonly user: string;
  readonly command?: readonly string[];
  readonly volumes?: readonly { readonly container_path: string }[];
}

const servers: [string, keyof typeof contracts][] = [
  ["zookeeper", "zookeeper"],
  ["broker", "kafka"],
  ["schema-registry", "schemaRegistry"],
  ["postgres", "postgres"],
  ["cassandra", "cassandra"],
];

describe.each(servers)("%s keeps to its image's contract", (name, key) => {
  const contract: Contract = contracts[key];
  const container = template.container(name) as unknown as Container;

  test("environment", () => {
    const variables = container.env.map((entry) => entry.slice(0, entry.indexOf("=")));
    expect(variables.filter((variable) => !honours(contract, variable))).toEqual([]);
  });

  test("user", () => {
    expect(container.user).toBe(`${contract.user.uid}:${contract.user.gid}`);
  });

  test("volumes", () => {
    const paths = (container.volumes ?? []).map(({ container_path }) => container_path);
    expect(contract.writable).toEqual(expect.arrayContaining(paths));
  });

  test("command", () => {
    const [program] = container.command ?? [];
    if (program !== undefined) expect(contract.commands).toContain(program);
  });
});

test.each([
  ["airflow-scheduler", "airflow"],
  ["spark-master", "spark"],
  ["sink", "node"],
] as const)("%s runs as the user of its parent image", (name, key) => {
  const { uid, gid } = contracts[key].user;
  expect(template.container(name).user).toBe(`${uid}:${gid}`);
});

test("a pattern stands for all names that begin so, and a name for itself", () => {
  const contract = { ...contracts.postgres, env: ["KAFKA_*", "PGDATA"] };
  expect(["KAFKA_BROKER_ID", "PGDATA"].every((name) => honours(contract, name))).toBe(true);
  expect(["KAFKA_", "PGDATA_2", "MY_KAFKA_X"].some((name) => honours(contract, name))).toBe(false);
});

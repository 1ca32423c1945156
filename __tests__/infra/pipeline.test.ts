import { Pipeline } from "../../infra/pipeline";
import { ImageSource } from "../../infra/images/source";
import { resolveSettings } from "../../infra/settings";
import { Resource, Template } from "../support/template";

const render = (given: object = {}, imageSource: ImageSource = "build") =>
  Template.fromDefinition(
    (stack) => new Pipeline(stack, "pipeline", { settings: resolveSettings(given), imageSource }),
  );

let template: Template;
let containers: Record<string, Resource>;
beforeAll(() => {
  template = render();
  containers = template.resources("docker_container");
});

test("with another source of users, the embedded one does not run", () => {
  const external = render({ source: "https://randomuser.me/api/" });
  expect(Object.keys(external.resources("docker_container"))).not.toContain("random-user-api");
  expect(external.container("airflow-scheduler").env).toContain(
    "RANDOM_USER_API_URL=https://randomuser.me/api/",
  );
});

test("official images come with Confluent's Control Center and the broker that reports to it on request, else with neither", () => {
  const image = (rendered: Template, name: string) => rendered.resource("docker_image", name).name;
  const confluent = render({ controlCenter: "confluent" }, "pull");
  expect(image(confluent, "control-center")).toMatch(/cp-enterprise-control-center:/);
  expect(image(confluent, "kafka")).toMatch(/cp-server:/);
  expect(confluent.container("broker").env).toContain(
    "KAFKA_METRIC_REPORTERS=io.confluent.metrics.reporter.ConfluentMetricsReporter",
  );
  const open = render({}, "pull");
  expect(image(open, "kafka")).toMatch(/cp-kafka:/);
  expect(JSON.stringify(open.container("broker").env)).not.toContain("io.confluent");
  expect(open.container("control-center").env).toContain("SINK_URL=http://sink:8080");
});

test("containers have the names that users of such stacks type", () => {
  expect(Object.values(containers).map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      ...["zookeeper", "broker", "schema-registry", "postgres", "cassandra"],
      ...["airflow-webserver", "airflow-scheduler", "airflow-dag-processor"],
      ...["spark-master", "spark-worker-1", "spark-stream", "producer", "sink", "random-user-api"],
      "control-center",
    ]),
  );
});

test("ports on the host are the usual ones, on the loopback address only", () => {
  const ports = Object.values(containers).flatMap(
    (container) => (container.ports ?? []) as Record<string, unknown>[],
  );
  expect(ports.map(({ external }) => external).sort()).toEqual([
    2181, 4040, 5432, 8080, 8081, 9021, 9042, 9090, 9092,
  ]);
  expect(ports.every(({ ip }) => ip === "127.0.0.1")).toBe(true);
});

test("nothing runs as root, and every container is limited in memory", () => {
  for (const { user, memory } of Object.values(containers)) {
    expect(user).toMatch(/^[1-9]\d*:\d+$/);
    expect(memory).toBeGreaterThan(0);
  }
});

test("no generated password is in an environment or a command line", () => {
  for (const { env, command } of Object.values(containers)) {
    expect(JSON.stringify([env, command])).not.toContain("random_password");
  }
});

test("one more worker is one more container, and any one of them may be lost", () => {
  const scaled = render({ workers: 3, partitions: 6 });
  expect(Object.keys(scaled.resources("docker_container"))).toEqual(
    expect.arrayContaining(["spark-worker-1", "spark-worker-2", "spark-worker-3"]),
  );
  const command = scaled.container("spark-worker-1").command as string[];
  const cores = Number(command[command.indexOf("--cores") + 1]);
  // Two workers are left: they must hold a slot for each partition, and those of the aggregate query.
  expect(2 * cores).toBeGreaterThanOrEqual(6 + 1);
});

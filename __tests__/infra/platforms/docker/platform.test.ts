import { Construct } from "constructs";
import { Job, Probe, Secret, secretText, Volume } from "../../../../infra/workload";
import { imageOf, workloadOf } from "../../../support/definitions";
import { Template } from "../../../support/template";

/** Renders what a test declares. */
function render(declare: (scope: Construct) => void, props = {}): Template {
  return Template.fromDefinition((stack) => {
    const definition = new Construct(stack, "definition");
    declare(definition);
    return definition;
  }, props);
}

test("a workload is a container that is waited for, restarted, limited, and not root", () => {
  const template = render((scope) => workloadOf(scope, "broker", { stopGracePeriod: 60, memory: 896 }));
  expect(template.container("broker")).toMatchObject({
    name: "broker",
    hostname: "broker",
    networks_advanced: [{ aliases: ["broker"] }],
    user: "1000:1000",
    memory: 896,
    memory_swap: 896,
    wait: true,
    restart: "unless-stopped",
    destroy_grace_seconds: 60,
    security_opts: ["no-new-privileges:true"],
    capabilities: { drop: ["ALL"] },
  });
});

test("containers have the deployment's id as a label; volumes and the network, which it would replace, have not", () => {
  const template = render((scope) => workloadOf(scope, "broker").mount(new Volume(scope, "data"), "/data"));
  const label = { label: "realtime-data-pipeline.deployment", value: "${random_uuid.deployment.result}" };
  expect(template.container("broker").labels).toContainEqual(label);
  for (const [type, name] of [
    ["docker_volume", "data"],
    ["docker_network", "pipeline"],
  ] as const) {
    expect(JSON.stringify(template.resource(type, name))).not.toContain("deployment");
  }
});

test("published ports are bound to the host's loopback address; the others stay inside", () => {
  const template = render((scope) =>
    workloadOf(scope, "broker", {
      ports: [
        { name: "internal", number: 29092 },
        { name: "external", number: 9092, published: 19092 },
      ],
    }),
  );
  expect(template.container("broker").ports).toEqual([{ internal: 9092, external: 19092, ip: "127.0.0.1" }]);
});

test("durations are written as the provider reads them back", () => {
  const probe = Probe.exec(["true"], { period: 5, timeout: 10, startup: 125 });
  const template = render((scope) => workloadOf(scope, "broker", { probe }));
  expect(template.container("broker")).toMatchObject({
    healthcheck: { test: ["CMD", "true"], interval: "5s", timeout: "10s", start_period: "2m5s" },
    wait_timeout: 125,
  });
});

test("a changed health check changes a label, so that the container is replaced", () => {
  const labels = (period: number) =>
    render((scope) => workloadOf(scope, "a", { probe: Probe.exec(["true"], { period }) })).container("a")
      .labels;
  expect(labels(5)).toEqual(labels(5));
  expect(labels(5)).not.toEqual(labels(6));
});

test("replicas are containers of their own", () => {
  const template = render((scope) => workloadOf(scope, "spark-worker", { replicas: 2 }));
  expect(Object.keys(template.resources("docker_container"))).toEqual(["spark-worker-1", "spark-worker-2"]);
});

test("a container starts after what it depends on: workloads when ready, jobs when they have succeeded", () => {
  const template = render((scope) => {
    const server = new Construct(scope, "server-component");
    const broker = workloadOf(server, "broker", { ports: [{ name: "kafka", number: 9092 }] });
    const topics = new Job(server, "topics", { image: broker.image, user: { uid: 1, gid: 1 }, memory: 64 });
    topics.connectTo(broker, "kafka");
    workloadOf(scope, "app").node.addDependency(server);
  });
  expect(template.container("topics-run").depends_on).toEqual(["docker_container.broker"]);
  expect(template.container("app").depends_on).toEqual(["docker_container.broker", "terraform_data.topics"]);
});

test("a job runs to its end, shows its log, and fails the deploy when it fails", () => {
  const template = render(
    (scope) => new Job(scope, "topics", { image: imageOf(scope, "i"), user: { uid: 1, gid: 1 }, memory: 64 }),
  );
  expect(template.container("topics-run")).toMatchObject({ attach: true, must_run: false, restart: "no" });
  expect(template.resource("terraform_data", "topics")).toMatchObject({
    triggers_replace: { container: "${docker_container.topics-run.id}" },
    provisioner: [{ "local-exec": { command: expect.stringContaining("exit 1") as string } }],
  });
});

test("a job runs again when a server that it connects to is recreated", () => {
  const template = render((scope) => {
    const broker = workloadOf(scope, "broker", { ports: [{ name: "kafka", number: 9092 }] });
    const job = new Job(scope, "topics", { image: broker.image, user: { uid: 1, gid: 1 }, memory: 64 });
    job.connectTo(broker, "kafka");
  });
  expect(template.container("topics-run").labels).toContainEqual({
    label: "realtime-data-pipeline.server.0",
    value: "${docker_container.broker.id}",
  });
});

test("a secret is generated, handed over in files, and given out as a sensitive output", () => {
  const template = render((scope) => {
    const password = new Secret(scope, "db-password");
    workloadOf(scope, "app").addSecretFile("url", secretText`postgres://app:${password}@postgres`);
  });
  expect(template.resource("random_password", "db-password")).toMatchObject({ length: 32, special: false });
  expect(template.container("app").upload).toEqual([
    {
      file: "/run/secrets/url",
      content: "postgres://app:${random_password.db-password.result}@postgres",
      permissions: "0444",
    },
  ]);
  expect(JSON.parse(template.json)).toMatchObject({ output: { passwords: { sensitive: true } } });
});

test("an image is built after those it builds on, under a tag that follows its content", () => {
  const template = render((scope) => workloadOf(scope, "app", { image: imageOf(scope, "kafka") }));
  const image = template.resource("docker_image", "kafka");
  expect(image.name).toMatch(/^realtime-data-pipeline\/kafka:[0-9a-f]{12}$/);
  expect(image.keep_locally).toBe(true);
  expect(template.container("app").image).toBe("${docker_image.kafka.image_id}");
});

test("while it is down, network, volumes, passwords and images stay, and nothing runs", () => {
  const declare = (scope: Construct) => {
    const app = workloadOf(scope, "app");
    app.mount(new Volume(scope, "data"), "/data");
    app.addSecretFile("password", new Secret(scope, "password"));
  };
  const up = render(declare);
  const down = render(declare, { running: false });
  for (const type of ["docker_network", "docker_volume", "random_password", "docker_image"]) {
    expect(down.resources(type)).toEqual(up.resources(type));
  }
  expect(down.resources("docker_container")).toEqual({});
});

test("a prefix keeps two deployments apart; inside, names stay what they are", () => {
  const template = render((scope) => workloadOf(scope, "broker").mount(new Volume(scope, "data"), "/data"), {
    namePrefix: "test",
  });
  expect(template.container("broker")).toMatchObject({
    name: "test-broker",
    hostname: "broker",
    networks_advanced: [{ aliases: ["broker"] }],
  });
  expect(template.resource("docker_volume", "data").name).toBe("test-realtime-data-pipeline-data");
  expect(template.resource("docker_network", "pipeline").name).toBe("test-realtime-data-pipeline");
});

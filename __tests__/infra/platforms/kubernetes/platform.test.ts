import { Construct } from "constructs";
import { Job, Secret, Volume } from "../../../../infra/workload";
import { imageOf, workloadOf } from "../../../support/definitions";
import { kubernetesTemplate } from "../../../support/kubernetes";

/** Renders what a test declares. */
function render(declare: (scope: Construct) => void, props = {}) {
  return kubernetesTemplate((stack) => {
    const definition = new Construct(stack, "definition");
    declare(definition);
    return definition;
  }, props);
}

const job = (scope: Construct, name: string) =>
  new Job(scope, name, { image: imageOf(scope, `${name}-image`), user: { uid: 1, gid: 1 }, memory: 64 });

test("a pod starts after what it depends on: services when ready, jobs when they have succeeded", () => {
  const template = render((scope) => {
    const server = new Construct(scope, "server-component");
    const broker = workloadOf(server, "broker", { ports: [{ name: "kafka", number: 9092 }] });
    job(server, "topics").connectTo(broker, "kafka");
    workloadOf(scope, "app").node.addDependency(server);
  });
  expect(template.resource("kubernetes_job_v1", "topics")).toMatchObject({ wait_for_completion: true });
  expect(template.resource("kubernetes_job_v1", "topics").depends_on).toContain(
    "kubernetes_deployment_v1.broker",
  );
  expect(template.resource("kubernetes_deployment_v1", "app")).toMatchObject({ wait_for_rollout: true });
  expect(template.resource("kubernetes_deployment_v1", "app").depends_on).toEqual(
    expect.arrayContaining(["kubernetes_deployment_v1.broker", "kubernetes_job_v1.topics"]),
  );
});

test("every object is in the namespace that the stack makes", () => {
  const template = render((scope) => workloadOf(scope, "app"));
  expect(template.resource("kubernetes_deployment_v1", "app").metadata).toMatchObject({
    namespace: "${kubernetes_namespace_v1.pipeline.metadata[0].name}",
  });
});

test("objects have the deployment's id as a label; their selectors and pods, which it would replace, have not", () => {
  const template = render((scope) => workloadOf(scope, "app"));
  const { metadata, spec } = template.resource("kubernetes_deployment_v1", "app");
  const label = { "realtime-data-pipeline.deployment": "${random_uuid.deployment.result}" };
  expect(metadata).toMatchObject({ labels: label });
  expect(template.resource("kubernetes_namespace_v1", "pipeline").metadata).toMatchObject({ labels: label });
  expect(JSON.stringify(spec)).not.toContain("random_uuid");
});

test("a changed password rolls the pods: its hash is made at apply", () => {
  const template = render((scope) =>
    workloadOf(scope, "app").addSecretFile("password", new Secret(scope, "password")),
  );
  expect(JSON.stringify(template.resource("kubernetes_deployment_v1", "app"))).toContain(
    `nonsensitive(sha256(join(\\",\\", [random_password.password.result])))`,
  );
  expect(template.resource("kubernetes_secret_v1", "app").data).toEqual({
    "run.secrets.password": "${random_password.password.result}",
  });
});

test("a job with secrets has one name, however often and beside whatever else it is synthesized", () => {
  const name = () => {
    const template = render((scope) =>
      job(scope, "setup").addSecretFile("password", new Secret(scope, "password")),
    );
    return (template.resource("kubernetes_job_v1", "setup").metadata as { name: string }).name;
  };
  expect(name()).toBe(name());
});

test("images are loaded onto the nodes before a pod is made, again when one changes or the cluster is another", () => {
  const template = render((scope) => workloadOf(scope, "app", { image: imageOf(scope, "kafka") }));
  const { name } = template.resource("docker_image", "kafka") as { name: string };
  expect(template.resource("terraform_data", "images")).toMatchObject({
    triggers_replace: {
      cluster: "${kubernetes_namespace_v1.pipeline.metadata[0].uid}",
      images: { [name]: "${docker_image.kafka.image_id}" },
    },
    provisioner: [
      {
        "local-exec": {
          command: expect.stringContaining(
            `"\${path.root}/../../../tools/kind/kind" load docker-image --name test ${name} `,
          ) as string,
        },
      },
    ],
  });
  expect(template.resource("kubernetes_deployment_v1", "app").depends_on).toContain("terraform_data.images");
});

test("with a registry, images are pushed there and pulled from there", () => {
  const delivery = { registry: "registry.example.com/team" };
  const template = render((scope) => workloadOf(scope, "app", { image: imageOf(scope, "kafka") }), {
    delivery,
  });
  const { name } = template.resource("docker_image", "kafka") as { name: string };
  const remote = `registry.example.com/team/${name}`;
  // Another registry has nothing yet.
  expect(template.resource("terraform_data", "images").triggers_replace).toMatchObject({
    images: { [remote]: "${docker_image.kafka.image_id}" },
  });
  expect(JSON.stringify(template.resource("terraform_data", "images"))).toContain(
    `docker tag \${docker_image.kafka.name} ${remote} && docker push --quiet ${remote}`,
  );
  expect(JSON.stringify(template.resource("kubernetes_deployment_v1", "app"))).toContain(
    `"image":"${remote}"`,
  );
});

test("while it is down, namespace, claims, files and passwords stay, and no pod runs", () => {
  const declare = (scope: Construct) => {
    const data = new Volume(scope, "data");
    for (const name of ["a", "b"]) workloadOf(scope, name).mount(data, "/data");
    workloadOf(scope, "app").addSecretFile("password", new Secret(scope, "password"));
    job(scope, "topics");
  };
  const up = render(declare);
  const down = render(declare, { running: false });
  const kept = [
    "kubernetes_namespace_v1",
    "kubernetes_persistent_volume_claim_v1",
    "kubernetes_secret_v1",
    "random_password",
    "docker_image",
  ];
  for (const type of kept) expect(down.resources(type)).toEqual(up.resources(type));
  for (const type of ["kubernetes_deployment_v1", "kubernetes_job_v1"]) {
    expect(Object.keys(up.resources(type))).not.toEqual([]);
    expect(down.resources(type)).toEqual({});
  }
});

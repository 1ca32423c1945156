import { RootConstruct } from "constructs";
import type { Container as PodContainer, PodTemplateSpec } from "kubernetes-types/core/v1";
import { containersOf, PlainObject } from "../../../infra/platforms/kubernetes/objects";
import { Container, Job, Workload } from "../../../infra/workload";
import { find, objectsOf, pipelineWith } from "../../support/kubernetes";
import { Resource, Template } from "../../support/template";

/** What every component's containers are, on whichever platform. */
interface Rendered {
  readonly env: readonly string[];
  readonly args: readonly string[];
  readonly user: string;
  readonly memory: number;
  readonly mounts: readonly string[];
  readonly files: readonly string[];
  readonly hostPorts: number;
}

const root = new RootConstruct("root");
const definition = pipelineWith(root, { workers: 2 });
const containers = containersOf(definition);
const objects = objectsOf(definition);
let docker: Template;
beforeAll(() => {
  docker = Template.fromDefinition((stack) => pipelineWith(stack, { workers: 2 }));
});

function onDocker(container: Container): Rendered {
  const name = container instanceof Workload ? container.containerNames[0]! : `${container.node.id}-run`;
  const resource = docker.container(name) as Resource & {
    env: string[];
    command?: string[];
    user: string;
    memory: number;
    volumes?: { container_path: string }[];
    upload?: { file: string }[];
    ports?: unknown[];
  };
  return {
    env: [...resource.env].sort(),
    args: resource.command ?? [],
    user: resource.user,
    memory: resource.memory,
    mounts: (resource.volumes ?? []).map((volume) => volume.container_path).sort(),
    files: (resource.upload ?? []).map(({ file }) => file).sort(),
    hostPorts: resource.ports?.length ?? 0,
  };
}

function onKubernetes(container: Container): Rendered {
  const { spec } = templateOf(container);
  const pod = spec!.containers[0] as PodContainer;
  const { runAsUser, runAsGroup } = spec!.securityContext!;
  const mounts = pod.volumeMounts ?? [];
  const isFile = ({ name }: { name: string }) => name === "files" || name === "secrets";
  const host = objects.find(
    ({ kind, metadata }) => kind === "Service" && metadata?.name === `${container.node.id}-host`,
  );
  return {
    env: (pod.env ?? []).map(({ name, value }) => `${name}=${value}`).sort(),
    args: (pod.args ?? []).map((arg) => arg.replaceAll("$$", "$")),
    user: `${runAsUser}:${runAsGroup}`,
    memory: Number(String(pod.resources!.limits!["memory"]).replace("Mi", "")),
    mounts: mounts
      .filter((mount) => !isFile(mount))
      .map(({ mountPath }) => mountPath)
      .sort(),
    files: mounts
      .filter(isFile)
      .map(({ mountPath }) => mountPath)
      .sort(),
    hostPorts: host?.kind === "Service" ? (host.spec?.ports?.length ?? 0) : 0,
  };
}

function templateOf(container: Container): PodTemplateSpec {
  const name = container.node.id;
  if (container instanceof Job) {
    const job = objects.find(
      (object): object is Extract<PlainObject, { kind?: "Job" }> =>
        object.kind === "Job" && object.metadata?.labels?.["app.kubernetes.io/name"] === name,
    );
    return job!.spec!.template;
  }
  const stateful = objects.some(({ kind, metadata }) => kind === "StatefulSet" && metadata?.name === name);
  return stateful
    ? find(objects, "StatefulSet", name).spec!.template
    : find(objects, "Deployment", name).spec!.template;
}

test.each(containers.map((container) => [container.node.id, container] as const))(
  "%s is the same on both platforms",
  (_, container) => {
    expect(onKubernetes(container)).toEqual(onDocker(container));
  },
);

test("its image is the same, too, and nothing is on one platform only", () => {
  const images = objects.flatMap(
    (object) => JSON.stringify(object).match(/"image":"test\/([^:]+):1"/)?.[1] ?? [],
  );
  const onEngine = Object.values(docker.resources("docker_container")).map(({ image }) => String(image));
  expect([...new Set(images)].sort()).toEqual(
    [...new Set(onEngine.map((image) => image.replace(/^\$\{docker_image\.(.+)\.image_id\}$/, "$1")))].sort(),
  );
});

import type { ImageSource } from "../../infra/images/source";
import { Block, SynthesizedStack, stackOf, Target, TARGETS } from "./stacks";

/** A service or job as it is deployed, in terms that both platforms share. */
export interface DeployedContainer {
  readonly env: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  /** UID:GID. */
  readonly user: string;
  /** Memory limit in MiB. */
  readonly memory: number;
  /** The name of the volume at each path. */
  readonly mounts: Readonly<Record<string, string>>;
  /** The content of the file at each path. A generated password is a reference: \${random_password.NAME.result}. */
  readonly files: Readonly<Record<string, string>>;
  /** The declaration that a setup job reconciles. */
  readonly declaration?: unknown;
  /** The container's port behind each port of the host. */
  readonly published: Readonly<Record<number, number>>;
  /** Seconds between the stop signal and SIGKILL. */
  readonly stopGracePeriod?: number;
  readonly probe?: DeployedProbe;
  /** The services that are ready, and the jobs that have succeeded, before it starts. */
  readonly startsAfter: readonly string[];
}

/** A readiness probe. Times are in seconds. */
export interface DeployedProbe {
  /** `GET :PORT/PATH`, or a command. */
  readonly handler: string;
  readonly period: number;
  readonly timeout: number;
  /** The longest time that the first start may take. */
  readonly startup: number;
}

const DECLARATION = "/etc/pipeline/setup.json";

/** The container of a service or job, the first one of a service with replicas. */
export function containerOf(
  target: Target,
  name: string,
  imageSource: ImageSource = "build",
): DeployedContainer {
  const stack = stackOf(target, imageSource);
  const container = target === "docker" ? onDocker(stack, name) : onKubernetes(stack, name);
  const declaration = container.files[DECLARATION];
  return {
    ...container,
    ...(declaration !== undefined && { declaration: JSON.parse(declaration) as unknown }),
  };
}

/** The facts of a component: a container, a fact in words, and what it means for the container. */
export type Fact = readonly [
  container: string,
  fact: string,
  expected: Partial<Record<keyof DeployedContainer, unknown>>,
];

/** Has the tests of a file check facts on every target. */
export function checkFacts(facts: readonly Fact[], imageSource: ImageSource = "build"): void {
  describe.each(TARGETS)("%s", (target) => {
    test.each(facts)("%s: %s", (name, _, expected) => {
      expect(containerOf(target, name, imageSource)).toMatchObject(expected);
    });
  });
}

interface DockerContainer {
  readonly env: string[];
  readonly command?: string[];
  readonly user: string;
  readonly memory: number;
  readonly volumes?: { container_path: string; volume_name: string }[];
  readonly upload?: { file: string; content: string }[];
  readonly ports?: { internal: number; external: number }[];
  readonly stop_timeout?: number;
  readonly healthcheck?: { test: string[]; interval: string; timeout: string; start_period: string };
  readonly depends_on: string[];
}

function onDocker(stack: SynthesizedStack, name: string): DeployedContainer {
  const container = find<DockerContainer>(stack, ["docker_container"], [name, `${name}-run`, `${name}-1`]);
  const { healthcheck } = container;
  return {
    env: Object.fromEntries(container.env.map((variable) => variable.split(/=(.*)/s, 2) as [string, string])),
    args: container.command ?? [],
    user: container.user,
    memory: container.memory,
    mounts: Object.fromEntries(
      (container.volumes ?? []).map((volume) => [volume.container_path, referenced(volume.volume_name)]),
    ),
    files: Object.fromEntries((container.upload ?? []).map(({ file, content }) => [file, content])),
    published: Object.fromEntries(
      (container.ports ?? []).map(({ internal, external }) => [external, internal]),
    ),
    stopGracePeriod: container.stop_timeout,
    probe: healthcheck && {
      handler: handlerOf(healthcheck.test.slice(1)),
      period: seconds(healthcheck.interval),
      timeout: seconds(healthcheck.timeout),
      startup: seconds(healthcheck.start_period),
    },
    startsAfter: container.depends_on.map(nameIn),
  };
}

/** A command that sends an HTTP request as the request. */
function handlerOf(command: readonly string[]): string {
  const [, port, path] =
    /\/dev\/tcp\/127\.0\.0\.1\/(\d+) && printf 'GET (\S+) HTTP/.exec(command.join(" ")) ?? [];
  return path === undefined ? command.join(" ") : `GET :${port}${path}`;
}

/** Seconds in a duration as Go prints it; NaN for another text. */
function seconds(duration: string): number {
  const [, minutes = "0", rest] = /^(?:(\d+)m)?(\d+)s$/.exec(duration) ?? [];
  return 60 * Number(minutes) + Number(rest);
}

interface Controller {
  readonly depends_on: string[];
  readonly spec: { readonly template: { readonly spec: PodSpec } };
}

interface PodSpec {
  readonly container: [
    {
      readonly env?: { name: string; value: string }[];
      readonly args?: string[];
      readonly resources: { limits: { memory: string } };
      readonly volume_mount: { name: string; mount_path: string; sub_path: string; read_only?: boolean }[];
      readonly readiness_probe?: KubernetesProbe;
      readonly startup_probe?: KubernetesProbe;
    },
  ];
  readonly security_context: { readonly run_as_user: number; readonly run_as_group: number };
  readonly termination_grace_period_seconds: number;
}

interface KubernetesProbe {
  readonly http_get?: { path: string; port: number };
  readonly exec?: { command: string[] };
  readonly period_seconds: number;
  readonly timeout_seconds: number;
  readonly failure_threshold: number;
}

const CONTROLLERS = ["kubernetes_deployment_v1", "kubernetes_stateful_set_v1", "kubernetes_job_v1"];

function onKubernetes(stack: SynthesizedStack, name: string): DeployedContainer {
  const { depends_on: dependencies, spec } = find<Controller>(stack, CONTROLLERS, [name]);
  const pod = spec.template.spec;
  const [container] = pod.container;
  const mounts = container.volume_mount.filter(({ read_only: isFile }) => !isFile);
  const files = container.volume_mount.filter(({ read_only: isFile }) => isFile);
  return {
    env: Object.fromEntries(
      (container.env ?? []).map((variable) => [variable.name, unescaped(variable.value)]),
    ),
    args: (container.args ?? []).map(unescaped),
    user: `${pod.security_context.run_as_user}:${pod.security_context.run_as_group}`,
    memory: Number(container.resources.limits.memory.replace(/Mi$/, "")),
    mounts: Object.fromEntries(mounts.map((mount) => [mount.mount_path, mount.name])),
    files: Object.fromEntries(
      files.map((mount) => [mount.mount_path, fileContent(stack, name, mount.name, mount.sub_path)]),
    ),
    published: publishedPorts(stack, name),
    stopGracePeriod: pod.termination_grace_period_seconds,
    probe: probeOf(container.readiness_probe, container.startup_probe),
    startsAfter: dependencies.filter((address) => CONTROLLERS.includes(typeIn(address))).map(nameIn),
  };
}

/** Text as the kubelet hands it on: $$ stands for $. */
function unescaped(text: string): string {
  return text.replaceAll("$$", "$");
}

function fileContent(stack: SynthesizedStack, name: string, volume: string, key: string): string {
  const type = volume === "secrets" ? "kubernetes_secret_v1" : "kubernetes_config_map_v1";
  return find<{ data: Record<string, string> }>(stack, [type], [name]).data[key] ?? "";
}

function publishedPorts({ configuration }: SynthesizedStack, name: string): Record<number, number> {
  const { value } = configuration["output"]!["published_ports"] as {
    value: { service: string; host: number; node: number }[];
  };
  const service = configuration.resource["kubernetes_service_v1"]?.[`${name}-host`] as
    | { spec: { port: { node_port: number; target_port: number }[] } }
    | undefined;
  return Object.fromEntries(
    value
      .filter((published) => published.service === name)
      .map(({ host, node }) => [
        host,
        service?.spec.port.find(({ node_port: port }) => port === node)?.target_port ?? Number.NaN,
      ]),
  );
}

function probeOf(ready?: KubernetesProbe, startup?: KubernetesProbe): DeployedProbe | undefined {
  if (ready === undefined || startup === undefined) return undefined;
  const { http_get: http, exec } = ready;
  return {
    handler: http === undefined ? (exec?.command.join(" ") ?? "") : `GET :${http.port}${http.path}`,
    period: ready.period_seconds,
    timeout: ready.timeout_seconds,
    startup: startup.failure_threshold * startup.period_seconds,
  };
}

/** The resource of one of some types that has one of some names. */
function find<T>({ configuration }: SynthesizedStack, types: readonly string[], names: readonly string[]): T {
  const found = types
    .flatMap((type) => names.map((name): Block | undefined => configuration.resource[type]?.[name]))
    .find((resource) => resource !== undefined);
  if (found === undefined) throw new Error(`no ${types.join(", ")} named ${names.join(", ")}`);
  return found as T;
}

/** The name in a reference such as \${docker_volume.NAME.name}. */
function referenced(reference: string): string {
  return reference.split(".")[1] ?? reference;
}

function typeIn(address: string): string {
  return address.split(".")[0]!;
}

function nameIn(address: string): string {
  return address.split(".")[1]!;
}

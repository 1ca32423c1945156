import { Configuration, Resource } from "./configuration";

/** The last part of a Kubernetes job's name: a hash of the job's content. */
const JOB_HASH = /-[0-9a-f]{8}$/;

/** Every address and name of a synthesized stack, each as one line that begins with its kind. */
export function linesOf({ resource, output }: Configuration): string[] {
  const resources = Object.entries(resource).flatMap(([type, named]) =>
    Object.entries(named).map(([id, each]) => ({ type, id, each })),
  );
  const volumeNames = Object.entries(resource["docker_volume"] ?? {}).map(
    ([id, { name }]) => [`\${docker_volume.${id}.name}`, name] as const,
  );
  const lines = [
    ...resources.flatMap(({ type, id, each }) => [
      `address ${type}.${id}`,
      ...nameOf(type, each),
      ...onDocker(each, new Map(volumeNames)),
      ...onKubernetes(type, each),
    ]),
    ...Object.entries(output).flatMap(([name, { value }]) => [
      `output ${name}`,
      ...keysOf(value).map((key) => `output ${name}.${key}`),
    ]),
  ];
  return [...new Set(lines)].sort();
}

/** The name that users type, e.g. `container broker` or `service broker`. Image names change with their content. */
function nameOf(type: string, { name, metadata }: Resource): string[] {
  const given = name ?? metadata?.name;
  if (given === undefined || type === "docker_image") return [];
  return [`${kindOf(type)} ${type === "kubernetes_job_v1" ? given.replace(JOB_HASH, "") : given}`];
}

function kindOf(type: string): string {
  return type
    .replace(/^[a-z]+_/, "")
    .replace(/_v1$/, "")
    .replaceAll("_", "-");
}

function onDocker(
  { name, networks_advanced, volumes, upload }: Resource,
  volumeNames: ReadonlyMap<string, string | undefined>,
): string[] {
  return [
    ...(networks_advanced ?? []).flatMap(({ aliases }) => aliases.map((alias) => `host ${alias}`)),
    ...(volumes ?? []).map(
      ({ volume_name, container_path }) =>
        `mount ${name}:${container_path} volume ${volumeNames.get(volume_name)}`,
    ),
    ...(upload ?? []).map(({ file }) => `file ${name}:${file}`),
  ];
}

function onKubernetes(type: string, { metadata, data, spec }: Resource): string[] {
  const pod = spec?.template?.spec;
  // The controller makes a claim of each template for each pod.
  const own = (spec?.volume_claim_template ?? []).map(
    ({ metadata: { name } }) => [name, `${name}-${metadata?.name}-0`] as const,
  );
  const shared = (pod?.volume ?? []).flatMap(({ name, persistent_volume_claim: claim }) =>
    claim === undefined ? [] : [[name, claim.claim_name] as const],
  );
  const claims = new Map([...own, ...shared]);
  return [
    ...keysOf(data).map((key) => `${kindOf(type)} ${metadata?.name}/${key}`),
    ...own.map(([, claim]) => `persistent-volume-claim ${claim}`),
    ...(pod?.container ?? []).flatMap(({ name, volume_mount: mounts }) => [
      `container ${name}`,
      ...(mounts ?? []).map(({ name: volume, mount_path, sub_path, read_only }) =>
        read_only
          ? `file ${name}:${mount_path}`
          : `mount ${name}:${mount_path} persistent-volume-claim ${claims.get(volume)}/${sub_path}`,
      ),
    ]),
  ];
}

function keysOf(value: unknown): string[] {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
}

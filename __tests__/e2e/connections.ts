import { get, kubectl } from "../../tools/cli/targets/kind/kubectl";
import { Pod } from "../../tools/cli/targets/kind/pods";

interface ServingPod extends Pod {
  readonly spec: Pod["spec"] & {
    readonly containers: readonly { readonly ports?: readonly { readonly containerPort: number }[] }[];
  };
  readonly status: Pod["status"] & { readonly podIP: string };
}

/** Tries each of its arguments, an address and a port, and prints those that take a connection. Refused or silent is the same. */
const TRY = `for place; do (timeout 3 bash -c "</dev/tcp/$place" && echo "$place") 2>/dev/null & done; wait`;

/**
 * The connections that pods can really open to each other: each tries every port of every other workload.
 * @returns lines like "producer -> broker:29092"
 */
export async function openableConnections(): Promise<string[]> {
  const pods = await get<ServingPod>("pods", "--field-selector", "status.phase=Running");
  const servers = new Map(
    pods.flatMap((pod) =>
      portsOf(pod).map((port) => [`${pod.status.podIP}/${port}`, `${nameOf(pod)}:${port}`]),
    ),
  );
  const lines: string[] = [];
  for (const client of pods) {
    const others = [...servers].filter(([, server]) => !server.startsWith(`${nameOf(client)}:`));
    const places = others.map(([place]) => place);
    const attempt = ["bash", "-c", TRY, "try", ...places];
    const { stdout } = await kubectl(["exec", client.metadata.name, "--", ...attempt]);
    const open = stdout.split("\n").filter(Boolean);
    lines.push(...open.map((place) => `${nameOf(client)} -> ${servers.get(place)}`));
  }
  // Several pods of one workload are one here.
  return [...new Set(lines)].sort();
}

function portsOf({ spec }: ServingPod): number[] {
  return spec.containers.flatMap(({ ports = [] }) => ports.map(({ containerPort }) => containerPort));
}

function nameOf({ metadata }: Pod): string {
  return metadata.labels["app.kubernetes.io/name"] ?? metadata.name;
}

import { Pod } from "../../tools/cli/targets/kind/pods";
import { get } from "../../tools/cli/targets/kind/kubectl";
import { run } from "../../tools/proof/support";

interface AddressedPod extends Pod {
  readonly status: Pod["status"] & { readonly podIP?: string };
}

/**
 * The connections that pods really have open to each other, as the kernel of the node tracks them.
 * @param node the container that is the cluster's node
 * @returns lines like "producer -> broker:29092"
 */
export async function observedConnections(node: string): Promise<string[]> {
  const pods = await get<AddressedPod>("pods");
  const names = new Map(
    pods.map(({ metadata, status }) => [status.podIP, metadata.labels["app.kubernetes.io/name"]]),
  );
  const tracked = await run("docker", "exec", node, "conntrack", "-L", "--proto", "tcp");
  const lines = tracked.split("\n").flatMap((line) => {
    // Behind a service's address, the answering direction has the pod's own.
    const [, client = ""] = /src=(\S+)/.exec(line) ?? [];
    const [, server = "", port = ""] = /src=\S+ .*src=(\S+) dst=\S+ sport=(\d+)/.exec(line) ?? [];
    const [from, to] = [names.get(client), names.get(server)];
    return from === undefined || to === undefined || client === server ? [] : [`${from} -> ${to}:${port}`];
  });
  return [...new Set(lines)].sort();
}

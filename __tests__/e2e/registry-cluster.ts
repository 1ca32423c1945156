import execa from "execa";
import { ROOT } from "../../tools/cli/project";
import { run } from "../../tools/proof/support";

const CLUSTER = "realtime-data-pipeline-existing";
const NODE = `${CLUSTER}-control-plane`;
/** The registry's container, and with that its name on the network of kind's nodes. */
const REGISTRY = "realtime-data-pipeline-registry";
const IMAGE = "realtime-data-pipeline/registry:latest";
const PORT = 5001;

/** The registry as the engine knows it, and as images are named for it. */
export const ADDRESS = `localhost:${PORT}`;

/** The kubeconfig's context of the cluster. */
export const CONTEXT = `kind-${CLUSTER}`;

const CONFIGURATION = `
kind: Cluster
apiVersion: kind.x-k8s.io/v1alpha4
containerdConfigPatches:
  - |
    [plugins."io.containerd.grpc.v1.cri".registry]
      config_path = "/etc/containerd/certs.d"
`;

/**
 * Makes a cluster that is not the pipeline's own, and a registry beside it that its nodes pull from: as kind's documents have
 * it ("Local Registry").
 */
export async function createRegistryCluster(): Promise<void> {
  await removeRegistryCluster();
  const create = ["create", "cluster", "--name", CLUSTER, "--config", "-", "--wait", "180s"];
  await execa("tools/kind/kind", create, { cwd: ROOT, input: CONFIGURATION });
  const published = ["--network", "kind", "--publish", `127.0.0.1:${PORT}:5000`];
  await run("docker", "run", "--detach", "--name", REGISTRY, ...published, IMAGE);
  // On a node, localhost is the node.
  const folder = `/etc/containerd/certs.d/${ADDRESS}`;
  await run("docker", "exec", NODE, "mkdir", "-p", folder);
  const hosts = ["exec", "--interactive", NODE, "cp", "/dev/stdin", `${folder}/hosts.toml`];
  await execa("docker", hosts, { input: `[host."http://${REGISTRY}:5000"]\n` });
}

/** Removes both, as far as they are there. */
export async function removeRegistryCluster(): Promise<void> {
  await run("tools/kind/kind", "delete", "cluster", "--name", CLUSTER);
  await run("docker", "rm", "--force", "--volumes", REGISTRY);
}

import { join } from "node:path";
import execa from "execa";
import { ClusterNames, destinationOf } from "../../../../infra/platforms/kubernetes";
import { UserError } from "../../errors";
import { ROOT, settings } from "../../project";

/** Runs kubectl on the pipeline's cluster and in its namespace. */
export function kubectl(args: readonly string[], options: execa.Options = {}): execa.ExecaChildProcess {
  return execa(join(ROOT, "tools/kind/kubectl"), [...kubectlOptions(), ...args], options);
}

/** Options that select the pipeline's cluster and namespace. */
export function kubectlOptions(): string[] {
  const { namespace } = new ClusterNames(settings().namePrefix);
  return ["--context", destinationOf(settings()).context, "--namespace", namespace];
}

/**
 * Reads objects of the cluster as JSON.
 * @throws UserError if the cluster is unreachable or refuses the request
 */
export async function get<T>(...args: readonly string[]): Promise<readonly T[]> {
  const { exitCode, stdout, stderr } = await kubectl(["get", ...args, "--output", "json"], { reject: false });
  if (exitCode !== 0) {
    const said = stderr.split("\n").filter(Boolean).at(-1);
    throw new UserError(
      `cannot query the cluster: ${said}; if nothing is deployed, run: make up TARGET=kind`,
    );
  }
  return (JSON.parse(stdout) as { items: readonly T[] }).items;
}

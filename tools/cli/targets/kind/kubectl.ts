import { join } from "node:path";
import execa from "execa";
import { ClusterNames, destinationOf } from "../../../../infra/platforms/kubernetes";
import { UserError } from "../../errors";
import { ROOT, settings } from "../../project";

/** Runs kubectl on the pipeline's cluster and in its namespace. */
export function kubectl(args: readonly string[], options: execa.Options = {}): execa.ExecaChildProcess {
  return execa(join(ROOT, "tools/kind/kubectl"), [...kubectlOptions(), ...args], options);
}

/** What kubectl has to be told to find the pipeline. */
export function kubectlOptions(): string[] {
  const { namespace } = new ClusterNames(settings().namePrefix);
  return ["--context", destinationOf(settings()).context, "--namespace", namespace];
}

/** What kubectl knows of some kinds of objects, as JSON. */
export async function get<T>(...args: readonly string[]): Promise<readonly T[]> {
  const { exitCode, stdout, stderr } = await kubectl(["get", ...args, "--output", "json"], { reject: false });
  if (exitCode !== 0) {
    const said = stderr.split("\n").filter(Boolean).at(-1);
    throw new UserError(
      `the cluster does not answer (${said}); if nothing is deployed, run: make up TARGET=kind`,
    );
  }
  return (JSON.parse(stdout) as { items: readonly T[] }).items;
}

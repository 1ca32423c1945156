import execa from "execa";
import { Progress } from "../../console";
import { Deployed } from "./deployed";

/**
 * Containers that an interrupted deploy of this checkout has made and not recorded: they are on its network, and its state
 * does not know them. Terraform would meet their names and fail.
 */
export async function leftovers(deployed: Deployed): Promise<string[]> {
  const networks = await Promise.all(
    deployed.networkIds.map(async (id) => {
      const filter = ["--all", "--filter", `network=${id}`, "--format", "{{.Names}}"];
      const { stdout } = await execa("docker", ["ps", ...filter], { reject: false });
      return stdout.split("\n").filter(Boolean);
    }),
  );
  return networks.flat().filter((name) => !deployed.names.container.has(name));
}

/** Removes them. */
export async function removeLeftovers(deployed: Deployed, progress: Progress): Promise<void> {
  for (const name of await leftovers(deployed)) {
    // Those without a name, which images declare and nobody mounts, go with it; the pipeline's own have names.
    await execa("docker", ["rm", "--force", "--volumes", name]);
    progress.line(`${name}: left over from an interrupted deploy, removed`);
  }
}

import execa from "execa";
import { Progress } from "../../console";
import { Deployed } from "./deployed";

/**
 * Lists containers that an interrupted deploy of this checkout created and did not record. They are on its network and
 * missing from its state. Their names would make Terraform fail.
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

/** Removes the containers of {@link leftovers}. */
export async function removeLeftovers(deployed: Deployed, progress: Progress): Promise<void> {
  for (const name of await leftovers(deployed)) {
    // Removes anonymous volumes, which images declare. The pipeline's own volumes have names.
    await execa("docker", ["rm", "--force", "--volumes", name]);
    progress.line(`${name}: left behind by an interrupted deploy, removed`);
  }
}

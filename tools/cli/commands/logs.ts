import execa from "execa";
import { PROJECT } from "../../../infra/platforms/docker/names";
import { UserError } from "../project";

/** Follows the logs of one container, or shows the last lines of all. */
export async function logs(name: string | undefined): Promise<void> {
  const { stdout } = await execa("docker", [
    ...["ps", "--all", "--filter", `label=${PROJECT}=pipeline`, "--format", "{{.Names}}"],
  ]);
  const names = stdout.split("\n").filter(Boolean).sort();
  if (name !== undefined) {
    if (!names.includes(name)) {
      throw new UserError(`no container "${name}"; there are: ${names.join(", ") || "none (run: make up)"}`);
    }
    await execa("docker", ["logs", "--follow", "--tail", "100", name], { stdio: "inherit", reject: false });
    return;
  }
  for (const each of names) {
    console.log(`── ${each}`);
    await execa("docker", ["logs", "--tail", "10", each], { stdio: "inherit" });
  }
}

import execa from "execa";
import { Names } from "../../../infra/platforms/docker";
import { settings, UserError } from "../project";

/** Follows the logs of one container, or shows the last lines of all. */
export async function logs(name: string | undefined): Promise<void> {
  const { filter } = new Names(settings().namePrefix);
  const { stdout } = await execa("docker", ["ps", "--all", "--filter", filter, "--format", "{{.Names}}"]);
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

import { UserError } from "../errors";
import { Target } from "../targets";

/** Follows the logs of one container or pod, or shows the last lines of all. */
export async function logs(target: Target, name: string | undefined): Promise<void> {
  const names = (await target.running()).map((each) => each.name);
  if (name !== undefined) {
    if (!names.includes(name)) {
      throw new UserError(`there is no "${name}"; there are: ${names.join(", ") || "none (run: make up)"}`);
    }
    await target.followLogs(name);
    return;
  }
  for (const each of names) {
    console.log(`── ${each}`);
    await target.showLogs(each);
  }
}

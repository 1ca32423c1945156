import { UserError } from "../errors";
import { Target } from "../targets";

/** Follows the log of one container or pod, or prints the last lines of all. */
export async function logs(target: Target, name: string | undefined): Promise<void> {
  const names = (await target.running()).map((each) => each.name);
  if (name !== undefined) {
    if (!names.includes(name)) {
      throw new UserError(
        names.length === 0
          ? "nothing is running; run: make up"
          : `unknown container or pod: got "${name}"; expected one of ${names.join(", ")}`,
      );
    }
    await target.followLogs(name);
    return;
  }
  for (const each of names) {
    console.log(`── ${each}`);
    await target.showLogs(each);
  }
}

import { Progress } from "../console";
import { approves } from "../approval";
import { UserError } from "../errors";
import { settings, synth } from "../project";
import { isDeployed } from "../state";
import { countStored } from "../stages";
import { Target } from "../targets";
import { Terraform } from "../terraform";

/**
 * Removes everything that was deployed, after a question on a terminal. Images are kept, so that the next `up` is fast. What
 * this checkout did not deploy is removed only on request.
 */
export async function destroy(target: Target): Promise<void> {
  const terraform = new Terraform(await synth(target.stack()), target);
  const inventory = await target.inventory();
  if (inventory.obstacles.length > 0)
    throw new UserError(`nothing was removed: ${inventory.obstacles.join("\n")}`);
  const { own, foreign } = inventory;
  const deployed = isDeployed(target.stack().stack);
  if (!deployed && own.length + foreign.length === 0) {
    console.log("nothing to remove: this checkout has no deployment");
    return;
  }
  if (deployed || own.length > 0) {
    console.log("this removes the deployment of this checkout with its data:");
    if (deployed) console.log(`  users: ${await storedUsers(target, terraform)}`);
    for (const each of own) console.log(`  ${each}`);
  }
  if (foreign.length > 0) {
    console.log("this removes what this checkout did not deploy, with its data:");
    for (const each of foreign) console.log(`  ${each}`);
  }
  // What is this checkout's own goes without a question where nobody can answer it, as in a script.
  if (!(await approves("Remove it?", foreign.length === 0))) {
    const command = `make destroy${target.name === "docker" ? "" : ` TARGET=${target.name}`} FORCE=1`;
    throw new UserError(`nothing was removed; to remove it without a question, run: ${command}`);
  }
  const progress = new Progress();
  try {
    await terraform.init();
    await target.destroy(progress, terraform);
    progress.line("everything removed except the images");
  } finally {
    progress.stop();
  }
}

/** The number of stored users in words; a pipeline that does not answer does not prevent its removal. */
async function storedUsers(target: Target, terraform: Terraform): Promise<string> {
  try {
    const access = { ports: settings().ports, passwords: await terraform.passwords() };
    const stored = await target.withPorts(() => countStored(access));
    return stored === undefined
      ? "unknown: Cassandra does not answer"
      : `${stored.toLocaleString("en")} in Cassandra`;
  } catch {
    return "unknown: nothing answers";
  }
}

import { Progress } from "../console";
import { UserError } from "../errors";
import { synth } from "../project";
import { isDeployed } from "../state";
import { Target } from "../targets";
import { Terraform } from "../terraform";

/** Removes containers or pods, and keeps what `up` needs to resume: volumes, passwords, images. */
export async function down(target: Target): Promise<void> {
  if (!isDeployed(target.stack().stack)) throw new UserError("this checkout has no deployment; run: make up");
  const terraform = new Terraform(await synth(target.stack({ running: false })), target);
  const progress = new Progress();
  try {
    await terraform.init();
    await target.beforeApply(progress);
    await terraform.apply(progress);
    await target.afterDown(progress);
    progress.line("pipeline stopped, data kept; resume: make up; remove everything: make destroy");
  } finally {
    progress.stop();
  }
}

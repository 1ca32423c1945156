import { Progress } from "../console";
import { UserError } from "../errors";
import { synth } from "../project";
import { isDeployed } from "../state";
import { Target } from "../targets";
import { Terraform } from "../terraform";

/** Removes what runs and keeps everything that `up` needs to go on where it was: volumes, passwords, images. */
export async function down(target: Target): Promise<void> {
  if (!isDeployed(target.stack().stack)) throw new UserError("nothing is deployed from here; run: make up");
  const terraform = new Terraform(await synth(target.stack({ running: false })), target);
  const progress = new Progress();
  try {
    await terraform.init();
    await target.beforeApply(progress);
    await terraform.apply(progress);
    await target.afterDown(progress);
    progress.line(
      "The pipeline is down. Its data is kept: make up goes on, make destroy removes everything.",
    );
  } finally {
    progress.stop();
  }
}

import { Progress } from "../console";
import { synth } from "../project";
import { Target } from "../targets";
import { Terraform } from "../terraform";

/** Removes everything that was deployed. Images stay, so that the next `up` is quick. */
export async function destroy(target: Target): Promise<void> {
  const terraform = new Terraform(await synth(target.stack()), target);
  const progress = new Progress();
  try {
    await terraform.init();
    await target.destroy(progress, terraform);
    progress.line("Everything is removed, except the images.");
  } finally {
    progress.stop();
  }
}

import { Progress } from "../console";
import { synth } from "../project";
import { Target } from "../targets";
import { Terraform } from "../terraform";

/** Removes everything that was deployed. Images are kept, so that the next `up` is fast. */
export async function destroy(target: Target): Promise<void> {
  const terraform = new Terraform(await synth(target.stack()), target);
  const progress = new Progress();
  try {
    await terraform.init();
    await target.destroy(progress, terraform);
    progress.line("everything removed except the images");
  } finally {
    progress.stop();
  }
}

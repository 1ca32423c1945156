import { Progress } from "../console";
import { pipelineStack, synth } from "../project";
import { Terraform } from "../terraform";

/** Removes the containers and keeps everything that `up` needs to go on where it was: volumes, passwords, images. */
export async function down(): Promise<void> {
  const terraform = new Terraform(await synth(pipelineStack({ running: false })));
  const progress = new Progress();
  try {
    await terraform.init();
    await terraform.apply(progress);
    progress.line(
      "The pipeline is down. Its data is kept: make up goes on, make destroy removes everything.",
    );
  } finally {
    progress.stop();
  }
}

import { Progress } from "../console";
import { readDeployed } from "../deployed";
import { removeLeftovers } from "../leftovers";
import { pipelineStack, synth } from "../project";
import { Terraform } from "../terraform";

/** Removes the containers and keeps everything that `up` needs to go on where it was: volumes, passwords, images. */
export async function down(): Promise<void> {
  const terraform = new Terraform(await synth(pipelineStack({ running: false })));
  const progress = new Progress();
  try {
    await terraform.init();
    await removeLeftovers(readDeployed(pipelineStack().stack), progress);
    await terraform.apply(progress);
    progress.line(
      "The pipeline is down. Its data is kept: make up goes on, make destroy removes everything.",
    );
  } finally {
    progress.stop();
  }
}

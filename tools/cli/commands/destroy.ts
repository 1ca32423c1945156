import { Progress } from "../console";
import { readDeployed } from "../deployed";
import { removeLeftovers } from "../leftovers";
import { pipelineStack, synth } from "../project";
import { Terraform } from "../terraform";

/** Removes containers, network, volumes and passwords. Images stay, so that the next `up` is quick. */
export async function destroy(): Promise<void> {
  const terraform = new Terraform(await synth(pipelineStack()));
  const progress = new Progress();
  try {
    await terraform.init();
    await removeLeftovers(readDeployed(pipelineStack().stack), progress);
    await terraform.destroy(progress);
    progress.line("Everything is removed, except the images.");
  } finally {
    progress.stop();
  }
}

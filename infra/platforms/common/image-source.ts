import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { TerraformOutput, TerraformStack } from "cdktf";
import { ImageSource } from "../../images/source";
import { readState } from "./state";

const ROOT = join(__dirname, "../../..");
const OUTPUT = "image_source";

/** Records with the state where the images of this deploy come from. */
export function recordImageSource(stack: TerraformStack, source: ImageSource): void {
  new TerraformOutput(stack, OUTPUT, { value: source });
}

/** What the last deploy of a stack recorded, as long as something of it is there. */
export function recordedImageSource(stackId: string): ImageSource | undefined {
  const state = readState<{ readonly outputs?: { readonly [OUTPUT]?: { readonly value: ImageSource } } }>(
    stackId,
  );
  return state?.outputs?.[OUTPUT]?.value;
}

/** Whether a container registry answers. Asked once on a machine; without an engine nobody can tell, which counts as no. */
export function containerRegistryAnswers(): boolean {
  return spawnSync(join(ROOT, "tools/airgap/prepare"), ["--check", "registry"]).status === 0;
}

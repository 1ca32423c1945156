import { TerraformOutput, TerraformStack } from "cdktf";
import { ImageSource } from "../../images/source";
import { readState } from "./state";

const OUTPUT = "image_source";

/** Records the image source of this deploy in the state. */
export function recordImageSource(stack: TerraformStack, source: ImageSource): void {
  new TerraformOutput(stack, OUTPUT, { value: source });
}

/** Image source that the last deploy of a stack recorded; undefined without a state. */
export function recordedImageSource(stackId: string): ImageSource | undefined {
  const state = readState<{ readonly outputs?: { readonly [OUTPUT]?: { readonly value: ImageSource } } }>(
    stackId,
  );
  return state?.outputs?.[OUTPUT]?.value;
}

import { join } from "node:path";
import { config } from "dotenv";
import execa from "execa";
import { ROOT, UserError } from "./project";

/** Makes the machine ready: engine, Terraform, providers, base images. Does nothing where they are there. */
export async function prepareMachine(): Promise<void> {
  const result = await execa(join(ROOT, "tools/airgap/prepare"), { stdio: "inherit", reject: false });
  if (result.exitCode !== 0)
    throw new UserError("the machine is not ready; the message above says what to do");
}

/** Takes over what the preparation found out: which Terraform to use, and what that one needs. */
export function loadTerraformEnvironment(): void {
  config({ path: join(ROOT, ".cache/terraform.env"), quiet: true });
}

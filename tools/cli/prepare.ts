import { join } from "node:path";
import { config } from "dotenv";
import execa from "execa";
import { type Target } from "../../infra/platforms/common";
import { UserError } from "./errors";
import { ROOT } from "./project";

/**
 * Makes the machine ready for a target: engine, Terraform, providers, base images, kind. Does nothing where they are there.
 * @param options more that is wanted, as options of tools/airgap/prepare
 */
export async function prepareMachine(target: Target, options: readonly string[] = []): Promise<void> {
  const prepare = join(ROOT, "tools/airgap/prepare");
  const result = await execa(prepare, ["--target", target, ...options], { stdio: "inherit", reject: false });
  if (result.exitCode !== 0)
    throw new UserError("the machine is not ready; the message above says what to do");
}

/** Takes over what the preparation found out: which Terraform to use, and what that one needs. */
export function loadTerraformEnvironment(): void {
  config({ path: join(ROOT, ".cache/terraform.env"), quiet: true });
}

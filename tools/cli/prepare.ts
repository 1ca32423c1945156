import { join } from "node:path";
import { config } from "dotenv";
import execa from "execa";
import { type Target } from "../../infra/platforms/common";
import { UserError } from "./errors";
import { ROOT } from "./project";

/**
 * Prepares the machine for a target: engine, Terraform, providers, base images, kind. Idempotent.
 * @param options further options of tools/airgap/prepare
 * @throws UserError if the preparation fails
 */
export async function prepareMachine(target: Target, options: readonly string[] = []): Promise<void> {
  const prepare = join(ROOT, "tools/airgap/prepare");
  const result = await execa(prepare, ["--target", target, ...options], { stdio: "inherit", reject: false });
  if (result.exitCode !== 0)
    throw new UserError("cannot prepare the machine; the message above names the cause and the remedy");
}

/** Loads the environment that the preparation wrote: the Terraform command and the variables it needs. */
export function loadTerraformEnvironment(): void {
  config({ path: join(ROOT, ".cache/terraform.env"), quiet: true });
}

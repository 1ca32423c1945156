import { join } from "node:path";
import execa from "execa";
import { ROOT } from "../project";
import { Finding, fine, problem } from "./check";

/**
 * Checks that the Docker Engine, Terraform or kind is present, or that the preparation can provide it. The preparation
 * itself checks, and names the remedies.
 */
export async function checkTool(subject: "engine" | "terraform" | "kind"): Promise<Finding> {
  const { exitCode, all = "" } = await execa(join(ROOT, "tools/airgap/prepare"), ["--check", subject], {
    reject: false,
    all: true,
  });
  const [state = "", ...remedies] = all
    .split("\n")
    .map((line) => line.replace(/^\S+ +… (failed: )?/, "").replace(/^ {13}/, ""));
  return exitCode === 0 ? fine(subject, state) : problem(subject, state, ...remedies);
}

import { join } from "node:path";
import execa from "execa";
import { ROOT } from "../project";
import { Finding, fine, problem } from "./check";

/**
 * Whether the Docker Engine, Terraform or kind is there, or can be made so by the preparation: that knows best, and what to do
 * otherwise.
 */
export async function checkTool(subject: "engine" | "terraform" | "kind"): Promise<Finding> {
  const { exitCode, all = "" } = await execa(join(ROOT, "tools/airgap/prepare"), ["--check", subject], {
    reject: false,
    all: true,
  });
  const [state = "", ...remedies] = all
    .split("\n")
    .map((line) => line.replace(/^\S+ +… (cannot go on: )?/, "").replace(/^ {13}/, ""));
  return exitCode === 0 ? fine(subject, state) : problem(subject, state, ...remedies);
}

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { ROOT } from "../cli/project";
import { install } from "./install";

const VENV = join(ROOT, ".cache/venv");
const REQUIREMENTS = join(ROOT, "tools/checks/requirements.txt");

/** Installs the linters that are Python packages, once per change of their list. */
export async function installLinters(): Promise<void> {
  const wanted = readFileSync(REQUIREMENTS, "utf8");
  const mark = join(VENV, "installed-requirements.txt");
  if (existsSync(mark) && readFileSync(mark, "utf8") === wanted) return;
  await install("a Python environment", "python3", ["-m", "venv", VENV]);
  await pipInstall(REQUIREMENTS);
  writeFileSync(mark, wanted);
}

/**
 * Installs the packages of a requirements file with the pip of the linters' environment.
 * @throws UserError when pip cannot, without a network for instance
 */
export async function pipInstall(requirements: string, options: readonly string[] = []): Promise<void> {
  const args = ["install", "--quiet", ...options, "--requirement", requirements];
  await install(`the packages of ${relative(ROOT, requirements)}`, join(VENV, "bin/pip"), args);
}

/** The path of an installed linter. */
export function linter(name: "ruff" | "shellcheck" | "kubernetes-validate"): string {
  return join(VENV, "bin", name);
}

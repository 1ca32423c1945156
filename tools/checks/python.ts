import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import execa from "execa";
import { ROOT } from "../cli/project";

const VENV = join(ROOT, ".cache/venv");
const REQUIREMENTS = join(ROOT, "tools/checks/requirements.txt");

/** Installs the linters that are Python packages, once per change of their list. */
export async function installLinters(): Promise<void> {
  const wanted = readFileSync(REQUIREMENTS, "utf8");
  const mark = join(VENV, "installed-requirements.txt");
  if (existsSync(mark) && readFileSync(mark, "utf8") === wanted) return;
  await execa("python3", ["-m", "venv", VENV], { stdio: "inherit" });
  await execa(join(VENV, "bin/pip"), ["install", "--quiet", "--requirement", REQUIREMENTS], {
    stdio: "inherit",
  });
  writeFileSync(mark, wanted);
}

/** The path of an installed linter. */
export function linter(name: "ruff" | "shellcheck" | "kubernetes-validate"): string {
  return join(VENV, "bin", name);
}

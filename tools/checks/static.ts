import execa from "execa";
import { ROOT } from "../cli/project";
import { type Check, FAILED, PASSED, step, type Tally } from "./check";
import { command, commandCheck } from "./command";
import { languageCheck } from "./language";
import { installLinters, linter } from "./python";

/** Name of the check that installs the linters which are Python packages. */
export const PYTHON_TOOLS = "Python tools installed";

const PYTHON = ["apps", "tools"];

/**
 * Checks that read the sources only: format, types, lint, order, language.
 * @param options.cached whether files that have not changed since the last such run are skipped; a mistake that only shows
 * in the light of another file may be overlooked then
 */
export function staticChecks({ cached }: { readonly cached: boolean }): Check[] {
  const cache = (tool: string) => (cached ? ["--cache", "--cache-location", `.cache/${tool}`] : []);
  return [
    commandCheck("format", "prettier", ["--check", "--log-level", "warn", ...cache("prettier"), "."]),
    commandCheck("types", "tsc", ["--noEmit"]),
    commandCheck("types: browser", "tsc", ["--noEmit", "--project", "apps/control-center/web"]),
    commandCheck("lint: TypeScript", "eslint", [...cache("eslint"), "."], { minutes: 1 }),
    commandCheck("order: dependency-cruiser", "depcruise", ["--output-type", "err-long", "."]),
    commandCheck("order: knip", "knip", ["--no-progress"]),
    commandCheck("lint: Markdown", "npm", ["run", "--silent", "lint:markdown"]),
    { name: "language", run: languageCheck },
    step(PYTHON_TOOLS, installLinters),
    { name: "lint: Python and shell", run: lintPythonAndShell, needs: [PYTHON_TOOLS] },
  ];
}

async function lintPythonAndShell(): Promise<Tally> {
  await installLinters();
  const codes = [
    await command(linter("ruff"), ["check", "--no-cache", ...PYTHON]),
    await command(linter("ruff"), ["format", "--no-cache", "--check", ...PYTHON]),
    await command(linter("shellcheck"), ["--external-sources", ...(await shellScripts())]),
  ];
  return codes.every((code) => code === 0) ? PASSED : FAILED;
}

/** Files in version control whose first line says that a shell runs them. */
async function shellScripts(): Promise<string[]> {
  const pattern = "^#!.*\\b(ba)?sh\\b";
  const { stdout } = await execa("git", ["grep", "-IlE", "--untracked", "--max-count=1", pattern], {
    cwd: ROOT,
  });
  return stdout.split("\n").filter((file) => !file.endsWith(".ts"));
}

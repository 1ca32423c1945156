import { join } from "node:path";
import execa from "execa";
import { ROOT } from "../cli/project";
import { type Check, FAILED, PASSED } from "./check";

/** Where test reports and the output of checks are written. */
export const REPORTS = join(ROOT, ".cache/reports");

/** Runs a command at the top of the checkout, npm packages' commands included, and returns its exit code. */
export async function command(file: string, args: readonly string[]): Promise<number> {
  const options = { cwd: ROOT, stdio: "inherit", reject: false, preferLocal: true, localDir: ROOT } as const;
  return (await execa(file, args, options)).exitCode;
}

/** A check that is one command and counts as one. */
export function commandCheck(
  name: string,
  file: string,
  args: readonly string[],
  order: Partial<Check> = {},
): Check {
  return { name, run: async () => ((await command(file, args)) === 0 ? PASSED : FAILED), ...order };
}

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import execa from "execa";
import { duration, table, pc } from "../cli/console";
import { ROOT } from "../cli/project";

/** How many checks passed and failed. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
}

/** One step of a run: a command, or a function, that passes or fails. */
export interface Check {
  readonly name: string;
  /** Runs it, with its output going to the terminal. */
  readonly run: () => Promise<Tally>;
}

/** Where test reports are written. */
export const REPORTS = join(ROOT, ".cache/reports");

/** Runs a command at the top of the checkout, with its output going to the terminal, and returns its exit code. */
export async function command(
  file: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<number> {
  const result = await execa(file, args, { cwd: ROOT, stdio: "inherit", reject: false, env });
  return result.exitCode;
}

/** A check that is one command and counts as one. */
export function commandCheck(name: string, file: string, args: readonly string[]): Check {
  return {
    name,
    run: async () =>
      (await command(file, args)) === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 },
  };
}

/** Runs every check, also after one has failed, and prints what came of each and the sum. */
export async function runChecks(checks: readonly Check[]): Promise<boolean> {
  mkdirSync(REPORTS, { recursive: true });
  const rows: string[][] = [];
  let passed = 0;
  let failed = 0;
  for (const check of checks) {
    console.log(`\n${pc.bold(`── ${check.name}`)}`);
    const began = Date.now();
    const tally = await outcome(check);
    passed += tally.passed;
    failed += tally.failed;
    const state = tally.failed === 0 ? pc.green("✔") : pc.red("✘");
    rows.push([
      state,
      check.name,
      `${tally.passed} passed`,
      `${tally.failed} failed`,
      duration(Date.now() - began),
    ]);
  }
  console.log(`\n${table(rows)}\n\n${passed} passed, ${failed} failed`);
  return failed === 0;
}

/** A check that breaks is a check that failed. */
async function outcome(check: Check): Promise<Tally> {
  try {
    return await check.run();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return { passed: 0, failed: 1 };
  }
}

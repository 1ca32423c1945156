import { copyFileSync, existsSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(__dirname, "../../..");

/**
 * What Terraform has recorded of a stack from this checkout.
 * @returns undefined when that is nothing: there is no file, or an empty one, see {@link restoreState}
 */
export function readState<State>(stackId: string): State | undefined {
  const file = stateFile(stackId);
  return hasContent(file) ? (JSON.parse(readFileSync(file, "utf8")) as State) : undefined;
}

/**
 * Takes back what was recorded before a deploy that was killed. Terraform empties its file each time it writes it anew: killed in
 * between, it leaves an empty one, and what there was before the deploy in a file beside it.
 */
export function restoreState(stackId: string): void {
  const file = stateFile(stackId);
  if (existsSync(file) && !hasContent(file) && hasContent(backupOf(file))) copyFileSync(backupOf(file), file);
}

/** Forgets everything that was recorded: all of it is gone, or stays on purpose. */
export function forgetState(stackId: string): void {
  const file = stateFile(stackId);
  for (const each of [file, backupOf(file)]) rmSync(each, { force: true });
}

function hasContent(file: string): boolean {
  return existsSync(file) && statSync(file).size > 0;
}

function stateFile(stackId: string): string {
  return join(ROOT, `terraform.${stackId}.tfstate`);
}

function backupOf(file: string): string {
  return `${file}.backup`;
}

import { copyFileSync, existsSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(__dirname, "../../..");

/**
 * Reads the Terraform state of a stack in this checkout.
 * @returns undefined if the file is missing or empty, see {@link restoreState}
 */
export function readState<State>(stackId: string): State | undefined {
  const file = stateFile(stackId);
  return hasContent(file) ? (JSON.parse(readFileSync(file, "utf8")) as State) : undefined;
}

/**
 * Restores the backup of the state after a killed deploy. Terraform truncates the file before it writes it. Killed
 * in between, it leaves an empty file, and the state before the deploy in the backup.
 */
export function restoreState(stackId: string): void {
  const file = stateFile(stackId);
  if (existsSync(file) && !hasContent(file) && hasContent(backupOf(file))) copyFileSync(backupOf(file), file);
}

/** Deletes the state of a stack whose resources are gone or are kept on purpose. */
export function forgetState(stackId: string): void {
  const file = stateFile(stackId);
  for (const each of [file, backupOf(file)]) rmSync(each, { force: true });
}

function hasContent(file: string): boolean {
  return existsSync(file) && statSync(file).size > 0;
}

/** Where Terraform records a stack that is deployed from this checkout. */
export function stateFile(stackId: string): string {
  return join(ROOT, `terraform.${stackId}.tfstate`);
}

function backupOf(file: string): string {
  return `${file}.backup`;
}

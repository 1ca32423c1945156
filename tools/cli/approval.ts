import { createInterface } from "node:readline/promises";

/**
 * Asks a question on a terminal. `FORCE=1` in the environment answers it with yes.
 * @param unattended the answer where there is no terminal
 */
export async function approves(question: string, unattended: boolean): Promise<boolean> {
  if (process.env.FORCE === "1") return true;
  if (!process.stdin.isTTY || !process.stdout.isTTY) return unattended;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}

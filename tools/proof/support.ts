import execa from "execa";
import { setTimeout as sleep } from "node:timers/promises";
import { ROOT } from "../cli/project";

/** What a command printed, and how it ended. */
export interface Outcome {
  readonly exitCode: number;
  readonly output: string;
}

/** Runs a command line as a user types it, at the top of the checkout, on a terminal of its own. */
export async function typed(commandLine: string): Promise<Outcome> {
  const result = await execa("script", ["--quiet", "--return", "--command", commandLine, "/dev/null"], {
    cwd: ROOT,
    reject: false,
    all: true,
    stdin: "ignore",
    env: { TERM: "dumb" },
  });
  return { exitCode: result.exitCode, output: (result.all ?? "").replaceAll("\r", "") };
}

/** Runs a program and returns what it printed; fails when it fails. */
export async function run(file: string, ...args: readonly string[]): Promise<string> {
  return (await execa(file, args, { cwd: ROOT })).stdout;
}

/** Long enough for a machine many times slower than a developer's: one that is never reached costs nothing. */
const PATIENCE_MS = 600_000;

/** Asks until the answer is as wanted; the last answer is returned either way, for the test to judge. */
export async function eventually<T>(ask: () => Promise<T>, wanted: (answer: T) => boolean): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask();
    if (wanted(answer) || Date.now() > deadline) return answer;
    await sleep(1000);
  }
}

import { pc } from "../console";
import { UserError } from "../errors";
import { Target } from "../targets/target";
import { Finding } from "./check";

/** The findings as people read them: a line each, and below a problem what to do. */
export function report(findings: readonly Finding[]): string {
  return findings
    .flatMap(({ subject, ok, state, remedies }) => [
      `${ok ? pc.green("✔") : pc.red("✘")} ${subject.padEnd(10)} ${state}`,
      ...remedies.map((remedy) => `${" ".repeat(13)}${remedy}`),
    ])
    .join("\n");
}

/** @throws UserError with every problem and its remedies, before anything is created */
export async function assertReady(target: Target, directory: string): Promise<void> {
  const problems = (await target.preflight(directory)).filter(({ ok }) => !ok);
  if (problems.length > 0) throw new UserError(`cannot deploy; nothing was changed:\n${report(problems)}`);
}

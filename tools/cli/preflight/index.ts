import { pc } from "../console";
import { UserError } from "../errors";
import { Target } from "../targets/target";
import { Finding } from "./check";

/** Formats findings: one line each, with the remedies below a problem. */
export function report(findings: readonly Finding[]): string {
  return findings
    .flatMap(({ subject, ok, state, remedies }) => [
      `${ok ? pc.green("✔") : pc.red("✘")} ${subject.padEnd(10)} ${state}`,
      ...remedies.map((remedy) => `${" ".repeat(13)}${remedy}`),
    ])
    .join("\n");
}

/** @throws UserError with every problem and its remedies, before a deploy changes anything */
export async function assertReady(target: Target, directory: string): Promise<void> {
  const problems = (await target.preflight(directory)).filter(({ ok }) => !ok);
  if (problems.length > 0) throw new UserError(`cannot deploy; nothing was changed:\n${report(problems)}`);
}

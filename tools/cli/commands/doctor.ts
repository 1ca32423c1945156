import { UserError } from "../errors";
import { report } from "../preflight";
import { synth } from "../project";
import { Target } from "../targets";

/** Checks everything that a deploy needs, and prints problems with their remedies. */
export async function doctor(target: Target): Promise<void> {
  const findings = await target.preflight(await synth(target.stack()));
  console.log(report(findings));
  const problems = findings.filter(({ ok }) => !ok).length;
  if (problems > 0) throw new UserError(problems === 1 ? "found 1 problem" : `found ${problems} problems`);
  console.log(
    `\nthis machine is ready; run: make up${target.name === "docker" ? "" : ` TARGET=${target.name}`}`,
  );
}

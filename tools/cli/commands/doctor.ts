import { UserError } from "../errors";
import { report } from "../preflight";
import { synth } from "../project";
import { Target } from "../targets";

/** Looks at everything that a deploy needs, and says what to do about what is wrong. */
export async function doctor(target: Target): Promise<void> {
  const findings = await target.preflight(await synth(target.stack()));
  console.log(report(findings));
  const problems = findings.filter(({ ok }) => !ok).length;
  if (problems > 0) throw new UserError(problems === 1 ? "one problem" : `${problems} problems`);
  console.log(`\nThis machine is ready: make up${target.name === "docker" ? "" : ` TARGET=${target.name}`}`);
}

import { pipelineStack, synth, UserError } from "../project";
import { preflight, report } from "../preflight";

/** Looks at everything that a deploy needs of this machine, and says what to do about what is wrong. */
export async function doctor(): Promise<void> {
  const findings = await preflight(await synth(pipelineStack()));
  console.log(report(findings));
  const problems = findings.filter(({ ok }) => !ok).length;
  if (problems > 0) throw new UserError(problems === 1 ? "one problem" : `${problems} problems`);
  console.log("\nThis machine is ready: make up");
}

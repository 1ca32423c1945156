import { TARGETS } from "../../infra/platforms/common";
import { withProgress } from "../cli/console";
import { pipelineStack, synth } from "../cli/project";
import { Terraform } from "../cli/terraform";
import { undisturbed } from "../test-services/guard";
import { start, stop } from "../test-services/services";
import { chartCheck } from "./chart";
import { type Check, step } from "./check";
import { installChromium } from "./chromium";
import { jestCheck } from "./jest";
import { validateObjects } from "./kubernetes";
import { machineCheck, machineName } from "./machine";
import { pytestCheck } from "./pytest";
import { PYTHON_TOOLS, staticChecks } from "./static";
import { checkUpgradePlans } from "./upgrade-plans";

const STARTED = "test services started";

/** Everything except the full deploy. */
export function testChecks(): Check[] {
  const lanes = [
    jestCheck("images"),
    jestCheck("apps", { needs: ["browser installed"], minutes: 5 }),
    jestCheck("outages", { minutes: 5 }),
    pytestCheck("dags", { needs: [PYTHON_TOOLS], minutes: 1 }),
    pytestCheck("stream", { needs: [PYTHON_TOOLS], minutes: 4 }),
  ].map(besideServices);
  return [
    // Not in the background, where its 70 CPU s took up to 17 minutes: too near to the timeouts of its tests.
    jestCheck("infra", { minutes: 3 }),
    ...[
      ...staticChecks({ cached: false }),
      { name: "Kubernetes schemas", run: validateObjects, needs: [PYTHON_TOOLS] },
    ].map((check) => ({ ...check, background: true })),
    machineCheck("docker", { minutes: 5 }),
    // Takes the processors for minutes, once: beside tests that mostly wait, and not beside what all of these wait for.
    machineCheck("kind", {
      needs: [machineName("docker")],
      after: [STARTED],
      minutes: 8,
      background: true,
    }),
    { name: "Helm chart", run: chartCheck, needs: [machineName("kind"), PYTHON_TOOLS] },
    step("browser installed", installChromium),
    step("terraform validate", validate, { needs: [machineName("kind")] }),
    { name: "upgrade plans", run: checkUpgradePlans, needs: [machineName("kind")] },
    step(STARTED, () => withProgress(start), { needs: [machineName("docker")], minutes: 3 }),
    ...lanes,
    step("test services removed", () => withProgress(stop), {
      after: lanes.map(({ name }) => name),
      cleansUp: STARTED,
    }),
  ];
}

/** A check whose tests use the test services, which other such checks use at the same time. */
function besideServices(check: Check): Check {
  return { ...check, run: () => undisturbed(check.run), needs: [STARTED, ...(check.needs ?? [])] };
}

/** Whether the providers take what is synthesized for every target, whichever way images are had. */
async function validate(): Promise<void> {
  for (const [target, images] of TARGETS.flatMap((each) => [
    [each, "build"] as const,
    [each, "pull"] as const,
  ])) {
    const source = {
      ...pipelineStack(target, { pipeline: { images } }),
      outdir: `.build/validate-${images}`,
    };
    const terraform = new Terraform(await synth(source));
    await terraform.init();
    await terraform.validate();
  }
}

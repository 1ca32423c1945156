import execa from "execa";
import { TARGETS } from "../../infra/platforms/common";
import { Progress } from "../cli/console";
import { prepareMachine } from "../cli/prepare";
import { pipelineStack, ROOT, synth } from "../cli/project";
import { Terraform } from "../cli/terraform";
import { start, stop } from "../test-services/services";
import { chartCheck } from "./chart";
import { installChromium } from "./chromium";
import { jestCheck } from "./jest";
import { validateObjects } from "./kubernetes";
import { pytestCheck } from "./pytest";
import { installLinters, linter } from "./python";
import { Check, command, commandCheck, Tally } from "./runner";

const PASSED: Tally = { passed: 1, failed: 0 };
const FAILED: Tally = { passed: 0, failed: 1 };

/** Everything except the full deploy. What needs nothing comes first; what the rest needs is started on the way. */
export function testChecks(): Check[] {
  return [
    commandCheck("format", "npx", ["prettier", "--check", "--log-level", "warn", "."]),
    commandCheck("types", "npx", ["tsc", "--noEmit"]),
    commandCheck("types: browser", "npx", ["tsc", "--noEmit", "--project", "apps/control-center/web"]),
    commandCheck("lint: TypeScript", "npx", ["eslint", "."]),
    { name: "lint: Python and shell", run: lintPythonAndShell },
    jestCheck("infra"),
    { name: "Kubernetes schemas", run: validateObjects },
    { name: "machine prepared", run: () => succeeds(prepareMachine("kind")) },
    { name: "Helm chart", run: chartCheck },
    { name: "browser installed", run: () => succeeds(installChromium()) },
    { name: "terraform validate", run: validate },
    { name: "test services started", run: () => succeeds(withProgress(start)) },
    jestCheck("images"),
    jestCheck("apps"),
    pytestCheck("dags"),
    pytestCheck("stream"),
    { name: "test services removed", run: () => succeeds(withProgress(stop)) },
  ];
}

/** A step that throws when it fails. */
async function succeeds(step: Promise<void>): Promise<Tally> {
  await step;
  return PASSED;
}

async function withProgress(action: (progress: Progress) => Promise<void>): Promise<void> {
  const progress = new Progress();
  try {
    await action(progress);
  } finally {
    progress.stop();
  }
}

async function lintPythonAndShell(): Promise<Tally> {
  await installLinters();
  const codes = [
    await command(linter("ruff"), ["check", "--no-cache", "apps"]),
    await command(linter("ruff"), ["format", "--no-cache", "--check", "apps"]),
    await command(linter("shellcheck"), ["--external-sources", ...(await shellScripts())]),
  ];
  return codes.every((code) => code === 0) ? PASSED : FAILED;
}

/** Files in version control whose first line says that a shell runs them. */
async function shellScripts(): Promise<string[]> {
  const pattern = "^#!.*\\b(ba)?sh\\b";
  const { stdout } = await execa("git", ["grep", "-IlE", "--untracked", "--max-count=1", pattern], {
    cwd: ROOT,
  });
  return stdout.split("\n").filter((file) => !file.endsWith(".ts"));
}

/** Whether the providers take what is synthesized for every target, whichever way images are had. */
async function validate(): Promise<Tally> {
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
  return PASSED;
}

import { Command, Option } from "commander";
import { TARGETS, type Target as TargetName } from "../../infra/platforms/common";
import { Progress } from "../cli/console";
import { UserError } from "../cli/errors";
import { synthesized } from "../cli/project";
import { targetOf } from "../cli/targets";
import { Terraform } from "../cli/terraform";
import { Deployment } from "../proof/deployment";
import { dockerSuite } from "./docker";
import { experiment, type Result } from "./experiment";
import type { Fault, Scene, Suite } from "./fault";
import { kindSuite } from "./kind";
import { Ledger } from "./ledger";
import { isHarmless, report } from "./report";

/** Injects the faults into the running pipeline, one after the other. */
async function breakAll<S extends Scene>(
  targetName: TargetName,
  suite: Suite<S>,
  ids: readonly string[],
): Promise<void> {
  const faults = chosen(suite, ids);
  const target = targetOf(targetName);
  const terraform = new Terraform(synthesized(target.stack()), target);
  const passwords = await terraform.passwords();
  const progress = new Progress();
  const redeploy = (...addresses: readonly string[]) => terraform.apply(progress, addresses);
  const shared = { deployment: new Deployment(target), passwords, redeploy };
  const results: Result[] = [];
  await target.withPorts(async () => {
    const ledger = new Ledger(passwords);
    try {
      const means = await suite.prepare(progress);
      for (const fault of faults) {
        const scene = (load: Scene["load"], expect: Scene["expect"]) =>
          ({ ...shared, ...means, load, expect }) as S;
        results.push(await experiment(fault, scene, passwords, ledger, progress).catch(broken(fault)));
      }
    } finally {
      progress.stop();
      await ledger.end();
      if (results.length > 0) console.log(`\n${report(results)}`);
    }
  });
  if (!results.every(isHarmless)) process.exitCode = 1;
}

/** Result of a fault that could not be injected or audited. */
function broken({ title, goal }: Fault): (error: unknown) => Result {
  return (error) => {
    console.error(error);
    const unknown = Number.NaN;
    return {
      title,
      goal,
      seconds: unknown,
      sent: unknown,
      missing: unknown,
      doubled: unknown,
      setAside: unknown,
      expectedAside: 0,
    };
  };
}

/** @throws UserError for unknown faults */
function chosen<S extends Scene>({ faults }: Suite<S>, ids: readonly string[]): Suite<S>["faults"] {
  const unknown = ids.filter((id) => !faults.some((fault) => fault.id === id));
  if (unknown.length > 0)
    throw new UserError(
      `unknown fault: got ${unknown.join(", ")}; expected any of ${faults.map(({ id }) => id).join(", ")}`,
    );
  return ids.length === 0 ? faults : faults.filter(({ id }) => ids.includes(id));
}

new Command("faults")
  .description("Inject faults into the running pipeline under load, and verify that nothing is lost")
  .argument("[faults...]", "faults to inject; default: all")
  .addOption(
    new Option("--target <target>", "where the pipeline is deployed").choices(TARGETS).default("docker"),
  )
  .action((ids: string[], { target }: { target: TargetName }) =>
    target === "docker" ? breakAll(target, dockerSuite, ids) : breakAll(target, kindSuite, ids),
  )
  .parseAsync()
  .catch((error: unknown) => {
    console.error(error instanceof UserError ? error.message : error);
    process.exitCode = 1;
  });

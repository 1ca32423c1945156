import { pc } from "../console";
import { pipelineStack, settings, UserError } from "../project";
import { readDeployed } from "../deployed";
import { leftovers } from "../leftovers";
import { Finding } from "./check";
import { checkDisk } from "./disk";
import { engineInfo } from "./engine";
import { checkMemory } from "./memory";
import { checkNames } from "./names";
import { readPlan } from "./plan";
import { checkPorts } from "./ports";
import { checkTool } from "./tools";

/**
 * Looks at everything that a deploy of the pipeline needs of this machine; changes nothing.
 * @param directory the synthesized stack
 */
export async function preflight(directory: string): Promise<Finding[]> {
  const plan = readPlan(directory);
  const deployed = readDeployed(pipelineStack().stack);
  const engine = await engineInfo();
  const container = new Set([...deployed.names.container, ...(await leftovers(deployed))]);
  const running = plan.containers.filter(({ name }) => container.has(name));
  const [tools, disk, ports, names] = await Promise.all([
    Promise.all([checkTool("engine"), checkTool("terraform")]),
    checkDisk(engine, deployed.networkIds.length > 0),
    checkPorts(settings().ports, new Set(plan.names.container)),
    checkNames(plan, { ...deployed.names, container }),
  ]);
  return [...tools, checkMemory(plan.containers, running, engine), disk, ...ports, names];
}

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
export async function assertReady(directory: string): Promise<void> {
  const problems = (await preflight(directory)).filter(({ ok }) => !ok);
  if (problems.length > 0) throw new UserError(`this machine is not ready:\n${report(problems)}`);
}

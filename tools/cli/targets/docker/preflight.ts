import { Finding } from "../../preflight/check";
import { checkDisk } from "../../preflight/disk";
import { engineInfo } from "../../preflight/engine";
import { checkMemory } from "../../preflight/memory";
import { checkPorts } from "../../preflight/ports";
import { checkSchemas, SCHEMAS_JOB } from "../../preflight/schemas";
import { checkTool } from "../../preflight/tools";
import { settings } from "../../project";
import { readDeployed } from "./deployed";
import { leftovers } from "./leftovers";
import { checkNames } from "./names";
import { readJobFile, readPlan } from "./plan";

/**
 * Checks everything that a deploy to local Docker needs on this machine; changes nothing.
 * @param directory directory of the synthesized stack
 * @param stack name of the stack
 */
export async function preflight(directory: string, stack: string): Promise<Finding[]> {
  const plan = readPlan(directory);
  const deployed = readDeployed(stack);
  const engine = await engineInfo();
  const container = new Set([...deployed.names.container, ...(await leftovers(deployed))]);
  const running = plan.containers.filter(({ name }) => container.has(name));
  const [tools, disk, ports, names, schemas] = await Promise.all([
    Promise.all([checkTool("engine"), checkTool("terraform")]),
    checkDisk(engine, deployed.networkIds.length > 0),
    checkPorts(settings().ports, new Set(plan.names.container)),
    checkNames(plan, { ...deployed.names, container }),
    deployed.names.container.size === 0 ? [] : checkDeployedSchemas(directory),
  ]);
  return [...tools, checkMemory(plan.containers, running, engine), disk, ...ports, names, ...schemas];
}

function checkDeployedSchemas(directory: string): Promise<Finding[]> {
  return checkSchemas((path) => readJobFile(directory, SCHEMAS_JOB, path), settings().ports.schemaRegistry);
}

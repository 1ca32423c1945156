import { Finding } from "../../preflight/check";
import { checkDisk } from "../../preflight/disk";
import { engineInfo, EngineObject, NamedObject } from "../../preflight/engine";
import { checkMemory } from "../../preflight/memory";
import { checkPorts } from "../../preflight/ports";
import { checkSchemas, SCHEMAS_JOB } from "../../preflight/schemas";
import { checkTool } from "../../preflight/tools";
import { settings } from "../../project";
import { isRecorded, readDeployed } from "./deployed";
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
  const left = engine === undefined ? [] : await leftovers(deployed);
  const present = new Set([...deployed.objects.container, ...left].map(({ name }) => name));
  const running = plan.containers.filter(({ name }) => present.has(name));
  const isOwn = (kind: EngineObject, object: NamedObject) =>
    isRecorded(deployed, kind, object) || left.some(({ id }) => id === object.id);
  const [tools, disk, ports, names, schemas] = await Promise.all([
    Promise.all([checkTool("engine"), checkTool("terraform")]),
    checkDisk(engine, deployed.objects.network.length > 0),
    checkPorts(settings().ports, new Set(plan.names.container)),
    engine === undefined ? [] : checkNames(plan, isOwn),
    deployed.objects.container.length === 0 ? [] : checkDeployedSchemas(directory),
  ]);
  return [...tools, checkMemory(plan.containers, running, engine), disk, ...ports, names, ...schemas].flat();
}

function checkDeployedSchemas(directory: string): Promise<Finding[]> {
  return checkSchemas((path) => readJobFile(directory, SCHEMAS_JOB, path), settings().ports.schemaRegistry);
}

import { IConstruct } from "constructs";
import { Container } from "./container";
import { DefinitionError } from "./errors";
import { Secret } from "./secret";
import { Volume } from "./volume";
import { Workload } from "./workload";

/** A name in DNS, short enough for what platforms add to it. */
const NAME = /^[a-z]([a-z0-9-]{0,50}[a-z0-9])?$/;

/**
 * Checks that what platforms call things by is right and unique: the ids of containers, volumes and secrets, and published ports.
 * @throws DefinitionError for an id that is no name, for a second of the same, and for a port that is published twice
 */
export function checkNames(definition: IConstruct): void {
  const constructs = definition.node.findAll();
  const containers = constructs.filter((construct) => construct instanceof Container);
  const volumes = constructs.filter((construct) => construct instanceof Volume);
  for (const construct of [...containers, ...volumes]) checkName(construct);
  checkUnique("container", containers);
  checkUnique("volume", volumes);
  checkUnique(
    "secret",
    constructs.filter((construct) => construct instanceof Secret),
  );
  checkPublishedPorts(containers.filter((container) => container instanceof Workload));
}

function checkName(construct: IConstruct): void {
  const { id } = construct.node;
  if (NAME.test(id)) return;
  throw new DefinitionError(
    construct,
    `the id "${id}" becomes a name; allowed is a letter and up to 51 more lower-case letters, digits and hyphens`,
  );
}

function checkUnique(kind: string, constructs: readonly IConstruct[]): void {
  const seen = new Map<string, IConstruct>();
  for (const construct of constructs) {
    const { id } = construct.node;
    const other = seen.get(id);
    if (other !== undefined) {
      throw new DefinitionError(
        construct,
        `a ${kind} "${id}" exists already: ${other.node.path}; give one of the two, or its component, another id`,
      );
    }
    seen.set(id, construct);
  }
}

function checkPublishedPorts(workloads: readonly Workload[]): void {
  const seen = new Map<number, Workload>();
  for (const workload of workloads) {
    for (const { name, published } of workload.ports) {
      if (published === undefined) continue;
      const other = seen.get(published);
      if (other !== undefined) {
        throw new DefinitionError(
          workload,
          `its port "${name}" is published as ${published}, which ${other.node.path} has already; publish another`,
        );
      }
      seen.set(published, workload);
    }
  }
}

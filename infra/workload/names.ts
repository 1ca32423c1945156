import { IConstruct } from "constructs";
import { Container } from "./container";
import { DefinitionError } from "./errors";
import { Secret } from "./secret";
import { Volume } from "./volume";
import { Workload } from "./workload";

/** A DNS label, short enough for the suffixes that platforms append. */
const NAME = /^[a-z]([a-z0-9-]{0,50}[a-z0-9])?$/;

/**
 * Checks the ids of containers, volumes and secrets, which platforms use as names, and the published ports.
 * @throws DefinitionError for an id that is no valid name, for a duplicate id, and for a port that is published twice
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
    `invalid id: got "${id}"; expected a name of at most 52 lower-case letters, digits and hyphens, the first a letter, the last no hyphen`,
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
        `duplicate ${kind} id: got "${id}", which is the id of ${other.node.path}; expected another id for one of the two or its component`,
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
          `duplicate published port: got ${published} for "${name}", which ${other.node.path} publishes; expected another port`,
        );
      }
      seen.set(published, workload);
    }
  }
}

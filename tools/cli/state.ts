import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./project";

/** The attributes of a resource that commands look at. */
interface Attributes {
  readonly id: string;
  readonly name?: string;
  readonly metadata?: readonly { readonly name: string }[];
}

interface State {
  readonly resources?: readonly {
    readonly type: string;
    readonly instances: readonly { readonly attributes: Attributes }[];
  }[];
}

/** What earlier deploys of a stack from this checkout have made and recorded: the resources of a type. */
export function recorded(stack: string, type: string): Attributes[] {
  return read(stack)
    .filter((resource) => resource.type === type)
    .flatMap(({ instances }) => instances.map(({ attributes }) => attributes));
}

/** Whether a stack's state knows of anything. */
export function isDeployed(stack: string): boolean {
  return read(stack).length > 0;
}

/** Forgets everything that was recorded: all of it is gone, or stays on purpose. */
export function forget(stack: string): void {
  // Terraform keeps the one before beside it.
  for (const file of [stateFile(stack), `${stateFile(stack)}.backup`]) rmSync(file, { force: true });
}

function read(stack: string): NonNullable<State["resources"]> {
  const file = stateFile(stack);
  const { resources = [] } = (existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {}) as State;
  return resources;
}

function stateFile(stack: string): string {
  return join(ROOT, `terraform.${stack}.tfstate`);
}

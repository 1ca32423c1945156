import { readState } from "../../infra/platforms/common";

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

function read(stack: string): NonNullable<State["resources"]> {
  return readState<State>(stack)?.resources ?? [];
}

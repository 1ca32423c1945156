import { readState } from "../../infra/platforms/common";

/** Attributes of a resource that commands read. */
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

/** Resources of a type that earlier deploys from this checkout recorded in a stack's state. */
export function recorded(stack: string, type: string): Attributes[] {
  return read(stack)
    .filter((resource) => resource.type === type)
    .flatMap(({ instances }) => instances.map(({ attributes }) => attributes));
}

/** Whether a stack's state records any resource. */
export function isDeployed(stack: string): boolean {
  return read(stack).length > 0;
}

function read(stack: string): NonNullable<State["resources"]> {
  return readState<State>(stack)?.resources ?? [];
}

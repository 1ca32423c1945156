import { DEPLOYMENT_ID, readState } from "../../infra/platforms/common";

/** Attributes of a resource that commands read. */
interface Attributes {
  readonly id: string;
  readonly name?: string;
  readonly metadata?: readonly { readonly name: string; readonly uid?: string }[];
  /** Of a random id. */
  readonly result?: string;
  /** Of `terraform_data`. */
  readonly triggers_replace?: { readonly value: unknown };
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

/** Whether a stack's state records any resource beside the deployment's id. */
export function isDeployed(stack: string): boolean {
  return read(stack).some(({ type }) => type !== DEPLOYMENT_ID.type);
}

/** The deployment's id in a stack's state; undefined before the first deploy of a version that has ids. */
export function recordedDeploymentId(stack: string): string | undefined {
  return recorded(stack, DEPLOYMENT_ID.type)[0]?.result;
}

function read(stack: string): NonNullable<State["resources"]> {
  return readState<State>(stack)?.resources ?? [];
}

import { EngineObject, NamedObject } from "../../preflight/engine";
import { recorded, recordedDeploymentId } from "../../state";

/** Kinds of objects that a deploy creates on an engine. */
export const KINDS: readonly EngineObject[] = ["container", "network", "volume"];

/** What a stack's state records of earlier deploys. */
export interface Deployed {
  /** The deployment's id; undefined before the first deploy of a version that has ids. */
  readonly id?: string;
  readonly objects: Readonly<Record<EngineObject, readonly NamedObject[]>>;
}

/** Reads what a stack's state records; empty if nothing was deployed. */
export function readDeployed(stack: string): Deployed {
  const objects = (type: string) => recorded(stack, type).map(({ id, name = "" }) => ({ id, name }));
  return {
    id: recordedDeploymentId(stack),
    objects: {
      container: objects("docker_container"),
      network: objects("docker_network"),
      volume: objects("docker_volume"),
    },
  };
}

/** Whether the state records this very object, and not only one of the same name. */
export function isRecorded({ objects }: Deployed, kind: EngineObject, { id }: NamedObject): boolean {
  return objects[kind].some((each) => each.id === id);
}

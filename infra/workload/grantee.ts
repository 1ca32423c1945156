import { IConstruct } from "constructs";
import type { Workload } from "./workload";

/** Something that can be granted access: an app, with every workload that will use the access. */
export interface Grantee extends IConstruct {
  /** The containers that get the environment, the credentials and the connection. */
  readonly workloads: readonly Workload[];
}

/** The name that a grantee logs in with: its id, in the letters that every server takes in the name of a role. */
export function roleOf(grantee: Grantee): string {
  return grantee.node.id.replaceAll("-", "_");
}

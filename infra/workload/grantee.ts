import { IConstruct } from "constructs";
import type { Workload } from "./workload";

/** Something that can be granted access: an app, with every workload that will use the access. */
export interface Grantee extends IConstruct {
  /** The containers that get the environment, the credentials and the connection. */
  readonly workloads: readonly Workload[];
}

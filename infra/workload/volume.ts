import { Construct } from "constructs";

/**
 * Storage that outlives the containers using it. It is removed by destroy only.
 *
 * A volume mounted by one workload is private to it; one mounted by several is shared between them.
 */
export class Volume extends Construct {}

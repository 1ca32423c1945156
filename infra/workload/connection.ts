import type { Workload } from "./workload";

/** A declared network connection: the client may reach this port of this server. */
export interface Connection {
  readonly server: Workload;
  /** The name of one of the server's ports. */
  readonly port: string;
}

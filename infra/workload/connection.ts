import type { Workload } from "./workload";

/** A declared network connection: the client may reach this port of this server. */
export interface Connection {
  readonly server: Workload;
  /** The name of one of the server's ports. */
  readonly port: string;
  /** Whether it is opened before the server is ready: the server needs it to become so. */
  readonly early: boolean;
}

/** A declared connection to a server outside. */
export interface OutsideConnection {
  readonly host: string;
  readonly port: number;
}

import { IConstruct } from "constructs";
import { Port } from "./port";

/** The server of a {@link Connection}, as far as the connection needs to know it. */
export interface Server extends IConstruct {
  /**
   * Finds a port by its name.
   * @throws DefinitionError when the server has no such port
   */
  port(name: string): Port;
  /** HOST:PORT on the container network, for a port given by its name. */
  address(port: string): string;
}

/** A declared network connection: the client may reach this port of this server. */
export interface Connection {
  readonly server: Server;
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

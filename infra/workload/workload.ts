import { Construct } from "constructs";
import { Server } from "./connection";
import { Container, ContainerProps } from "./container";
import { DefinitionError } from "./errors";
import { Port } from "./port";
import { Probe } from "./probe";

/** A service: runs until it is stopped and is started again when it fails. */
export interface WorkloadProps extends ContainerProps {
  readonly probe: Probe;
  /** @default - listens on nothing */
  readonly ports?: readonly Port[];
  /**
   * How many run side by side, named NAME-1 to NAME-N.
   * @default - one, named NAME
   */
  readonly replicas?: number;
  /**
   * Grace period in seconds between the stop signal (SIGTERM) and SIGKILL.
   * @default 30
   */
  readonly stopGracePeriod?: number;
}

/** A long-running container. Its id is its host name on the container network. */
export class Workload extends Container implements Server {
  readonly name: string;
  readonly probe: Probe;
  readonly ports: readonly Port[];
  readonly replicas?: number;
  readonly stopGracePeriod: number;

  constructor(scope: Construct, id: string, props: WorkloadProps) {
    super(scope, id, props);
    if (props.replicas !== undefined && (!Number.isInteger(props.replicas) || props.replicas < 1)) {
      throw new DefinitionError(this, `replicas is ${props.replicas}; allowed is a whole number from 1`);
    }
    this.name = id;
    this.probe = props.probe;
    this.ports = props.ports ?? [];
    this.replicas = props.replicas;
    this.stopGracePeriod = props.stopGracePeriod ?? 30;
  }

  /**
   * Finds a port by its name.
   * @throws DefinitionError when the workload has no such port
   */
  port(name: string): Port {
    const port = this.ports.find((candidate) => candidate.name === name);
    if (port === undefined) {
      const names = this.ports.map((candidate) => candidate.name).join(", ") || "none";
      throw new DefinitionError(this, `has no port "${name}"; it has: ${names}`);
    }
    return port;
  }

  /** HOST:PORT on the container network. */
  address(port: string): string {
    return `${this.name}:${this.port(port).number}`;
  }

  /** The names of the containers: one, or one for each replica. */
  get containerNames(): readonly string[] {
    if (this.replicas === undefined) return [this.name];
    return Array.from({ length: this.replicas }, (_, i) => `${this.name}-${i + 1}`);
  }
}

import { Construct } from "constructs";
import { Connection, OutsideConnection, Server } from "./connection";
import { DefinitionError } from "./errors";
import { Image } from "./image";
import { Secret, SecretText } from "./secret";
import { Volume } from "./volume";

/** The user and group a process runs as. Never root. */
export interface User {
  readonly uid: number;
  readonly gid: number;
}

/** A file placed in a container before it starts. Text that is only known after construction is given as a function. */
export type FileContent = string | SecretText | (() => string | SecretText);

/** A volume and the path it is mounted at. */
export interface Mount {
  readonly volume: Volume;
  readonly path: string;
}

/** What services and jobs have in common. */
export interface ContainerProps {
  readonly image: Image;
  readonly user: User;
  /** MiB the container may use; beyond that it is killed. */
  readonly memory: number;
  /**
   * Arguments for the image's entry point.
   * @default - the image's own
   */
  readonly command?: readonly string[];
  /** @default - none */
  readonly env?: Readonly<Record<string, string>>;
}

/** The platform-neutral description of what runs in a container. Use {@link Workload} or {@link Job}. */
export abstract class Container extends Construct {
  readonly image: Image;
  readonly user: User;
  readonly memory: number;
  readonly command?: readonly string[];
  private readonly variables = new Map<string, string>();
  private readonly contents = new Map<string, FileContent>();
  private readonly mountList: Mount[] = [];
  private readonly connectionList: Connection[] = [];
  private readonly outsideList: OutsideConnection[] = [];
  private principal?: Container;

  constructor(scope: Construct, id: string, props: ContainerProps) {
    super(scope, id);
    if (props.user.uid === 0) {
      throw new DefinitionError(this, "user is root (uid 0); give the uid that the image's process runs as");
    }
    this.image = props.image;
    this.user = props.user;
    this.memory = props.memory;
    this.command = props.command;
    this.addEnv(props.env ?? {});
  }

  get env(): ReadonlyMap<string, string> {
    return this.variables;
  }

  /** Files by their absolute path, with their final content. */
  get files(): ReadonlyMap<string, string | SecretText> {
    return new Map(
      [...this.contents].map(([path, content]) => [
        path,
        typeof content === "function" ? content() : content,
      ]),
    );
  }

  get mounts(): readonly Mount[] {
    return this.mountList;
  }

  /** The connections it opens: its own, and those of the container it acts for. */
  get connections(): readonly Connection[] {
    return [...this.connectionList, ...(this.principal?.connections ?? [])];
  }

  /**
   * Adds environment variables.
   * @throws DefinitionError when a variable is already set to something else: two grants that want the same name
   */
  addEnv(variables: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(variables)) {
      const present = this.variables.get(name);
      if (present !== undefined && present !== value) {
        throw new DefinitionError(
          this,
          `${name} is already "${present}" and cannot become "${value}"; give the second grant another variable name`,
        );
      }
      this.variables.set(name, value);
    }
  }

  /** Adds a file that every process in the container can read. */
  addFile(path: string, content: FileContent): void {
    if (this.contents.has(path)) {
      throw new DefinitionError(this, `two files at ${path}; choose another path for one`);
    }
    this.contents.set(path, content);
  }

  /**
   * Hands over a secret as a file below /run/secrets.
   * @returns the file's path
   */
  addSecretFile(name: string, content: Secret | SecretText): string {
    const path = `/run/secrets/${name}`;
    this.addFile(path, content instanceof Secret ? new SecretText([content]) : content);
    return path;
  }

  /** Mounts a volume at an absolute path. */
  mount(volume: Volume, path: string): void {
    this.mountList.push({ volume, path });
  }

  /** The connections it opens to servers that are no part of the definition. */
  get outsideConnections(): readonly OutsideConnection[] {
    return [...this.outsideList, ...(this.principal?.outsideConnections ?? [])];
  }

  /** What has to be ready, or done, before this container starts. */
  get startsAfter(): readonly Container[] {
    return this.node.dependencies
      .flatMap((dependency) => dependency.node.findAll())
      .filter((dependency) => dependency instanceof Container);
  }

  /** Records that this container opens connections to a port of another workload, and starts after it. */
  connectTo(server: Server, port: string): void {
    this.addConnection({ server, port, early: false });
    this.node.addDependency(server);
  }

  /** Records that this container opens connections to a port of another workload, which needs them to become ready. */
  connectEarlyTo(server: Server, port: string): void {
    this.addConnection({ server, port, early: true });
  }

  /** Records that this container opens connections to a server that is no part of the definition. */
  reachOutside(connection: OutsideConnection): void {
    this.outsideList.push(connection);
  }

  /** Declares that this container runs another's code and opens its connections too, as Spark's workers do. */
  actFor(principal: Container): void {
    this.principal = principal;
  }

  private addConnection(connection: Connection): void {
    // Throws for a port that there is not.
    connection.server.port(connection.port);
    this.connectionList.push(connection);
  }
}

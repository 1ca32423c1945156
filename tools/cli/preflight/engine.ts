import execa from "execa";
import { PROJECT } from "../../../infra/platforms/common";
import { UserError } from "../errors";

/** The fields of `docker info` that are used here. */
export interface EngineInfo {
  /** Bytes. */
  readonly MemTotal: number;
  /** Data directory, as a path on the engine's machine. */
  readonly DockerRootDir: string;
  readonly OperatingSystem: string;
}

/** Reads `docker info`; resolves to undefined if no engine answers. */
export async function engineInfo(): Promise<EngineInfo | undefined> {
  const { exitCode, stdout } = await execa("docker", ["info", "--format", "{{json .}}"], { reject: false });
  const info = exitCode === 0 ? (JSON.parse(stdout) as EngineInfo) : undefined;
  // Without an engine, old clients print an answer that lacks the server's fields.
  return info?.DockerRootDir ? info : undefined;
}

/** Kinds of named objects of an engine. */
export type EngineObject = "container" | "network" | "volume";

/** A container, network or volume of an engine. The id of a volume is its name. */
export interface NamedObject {
  readonly id: string;
  readonly name: string;
}

/** How `docker KIND ls` lists all objects of a kind, with id and name. */
const LISTING: Readonly<Record<EngineObject, readonly string[]>> = {
  container: ["--all", "--no-trunc", "--format", "{{.ID}}\t{{.Names}}"],
  network: ["--no-trunc", "--format", "{{.ID}}\t{{.Name}}"],
  volume: ["--format", "{{.Name}}\t{{.Name}}"],
};

/**
 * Lists containers (also stopped ones), networks or volumes of the engine.
 * @param filters as `docker … --filter` takes them; of several with the same key, one has to match
 * @throws UserError if no engine answers: an empty list would mean that there are none
 */
export async function objectsOf(kind: EngineObject, ...filters: readonly string[]): Promise<NamedObject[]> {
  const options = filters.flatMap((filter) => ["--filter", filter]);
  const { exitCode, stdout, stderr } = await execa("docker", [kind, "ls", ...LISTING[kind], ...options], {
    reject: false,
  });
  if (exitCode !== 0) throw new UserError(`cannot list the ${kind}s of the Docker Engine: ${stderr}`);
  return stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => {
      const [id = "", name = ""] = line.split("\t");
      return { id, name };
    });
}

/** A container that publishes a port. */
export interface Publisher {
  readonly name: string;
  /** The pipeline that it belongs to: the value of the project's label; empty for other containers. */
  readonly pipeline: string;
}

/** The container that publishes a port of the host. */
export async function containerOn(port: number): Promise<Publisher | undefined> {
  const format = `{{.Names}}\t{{.Label "${PROJECT}"}}`;
  const filter = ["--filter", `publish=${port}`, "--format", format];
  const { stdout } = await execa("docker", ["ps", ...filter], { reject: false });
  const [name = "", pipeline = ""] = (stdout.split("\n")[0] ?? "").split("\t");
  return name === "" ? undefined : { name, pipeline };
}

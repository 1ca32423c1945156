import execa from "execa";

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

/** Names of all containers, networks or volumes of the engine. */
export async function namesOf(kind: EngineObject): Promise<string[]> {
  const format = kind === "container" ? "{{.Names}}" : "{{.Name}}";
  const all = kind === "container" ? ["--all"] : [];
  const { stdout } = await execa("docker", [kind, "ls", ...all, "--format", format], { reject: false });
  return stdout.split("\n").filter(Boolean);
}

/** Name of the container that publishes a port of the host. */
export async function containerOn(port: number): Promise<string | undefined> {
  const filter = ["--filter", `publish=${port}`, "--format", "{{.Names}}"];
  const { stdout } = await execa("docker", ["ps", ...filter], { reject: false });
  return stdout.split("\n")[0] || undefined;
}

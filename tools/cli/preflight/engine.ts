import execa from "execa";

/** What an engine says of itself. */
export interface EngineInfo {
  /** Bytes. */
  readonly MemTotal: number;
  /** Where it keeps images and volumes, as it sees the file system. */
  readonly DockerRootDir: string;
  readonly OperatingSystem: string;
}

/** What the engine says of itself; undefined when none answers. */
export async function engineInfo(): Promise<EngineInfo | undefined> {
  const { exitCode, stdout } = await execa("docker", ["info", "--format", "{{json .}}"], { reject: false });
  const info = exitCode === 0 ? (JSON.parse(stdout) as EngineInfo) : undefined;
  // Without an engine, old clients answer with what they know themselves.
  return info?.DockerRootDir ? info : undefined;
}

/** Kinds of things that have a name on an engine. */
export type EngineObject = "container" | "network" | "volume";

/** The names of all containers, networks or volumes, whoever made them. */
export async function namesOf(kind: EngineObject): Promise<string[]> {
  const format = kind === "container" ? "{{.Names}}" : "{{.Name}}";
  const all = kind === "container" ? ["--all"] : [];
  const { stdout } = await execa("docker", [kind, "ls", ...all, "--format", format], { reject: false });
  return stdout.split("\n").filter(Boolean);
}

/** The name of the container that has a port of the host. */
export async function containerOn(port: number): Promise<string | undefined> {
  const filter = ["--filter", `publish=${port}`, "--format", "{{.Names}}"];
  const { stdout } = await execa("docker", ["ps", ...filter], { reject: false });
  return stdout.split("\n")[0] || undefined;
}

import { Names } from "../../../../infra/platforms/docker";
import { settings } from "../../../cli/project";
import { run } from "../../../proof/support";
import type { Toolbox } from "./toolbox";

/** The fields of `docker inspect` that are used here. */
interface Inspection {
  readonly State: { readonly Pid: number };
  readonly NetworkSettings: {
    readonly Networks: Readonly<Record<string, { readonly IPAddress: string; readonly Gateway: string }>>;
  };
}

/** What can happen to the pipeline's containers. Services go by the names they have inside the pipeline. */
export class Containers {
  private readonly names = new Names(settings().namePrefix);

  constructor(private readonly toolbox: Toolbox) {}

  /**
   * Kills the main process of each, all at the same moment, as the kernel's OOM killer does. The engine restarts the
   * containers. (It treats `docker kill` as the user's intent and restarts nothing.)
   */
  async kill(...services: readonly string[]): Promise<void> {
    const pids = await Promise.all(services.map((service) => this.pid(service)));
    await this.toolbox.run("kill", "-KILL", ...pids.map(String));
  }

  /** Stops a container gracefully (SIGTERM), as `docker stop` does; it stays stopped. */
  async stop(service: string): Promise<void> {
    await run("docker", "stop", this.names.container(service));
  }

  async start(...services: readonly string[]): Promise<void> {
    await run("docker", "start", ...services.map((service) => this.names.container(service)));
  }

  /** Freezes one: it keeps its connections and answers nothing. */
  async freeze(service: string): Promise<void> {
    await run("docker", "pause", this.names.container(service));
  }

  async thaw(service: string): Promise<void> {
    await run("docker", "unpause", this.names.container(service));
  }

  /** Kills everything that runs; nothing comes back by itself. */
  async powerOff(): Promise<string[]> {
    const running = await run("docker", "ps", "--quiet", "--filter", this.names.filter);
    const ids = running.split("\n").filter(Boolean);
    await run("docker", "kill", ...ids);
    return ids;
  }

  /** Starts what {@link powerOff} has killed, in no particular order. */
  async powerOn(ids: readonly string[]): Promise<void> {
    await run("docker", "start", ...ids);
  }

  /** Copies a file into one; it stays there when the container starts again. */
  async copy(file: string, service: string, path: string): Promise<void> {
    await run("docker", "cp", file, `${this.names.container(service)}:${path}`);
  }

  /** The number of its main process among the engine's. */
  async pid(service: string): Promise<number> {
    return (await this.inspect(service)).State.Pid;
  }

  /** Its address on the pipeline's network, and the engine's own. */
  async address(service: string): Promise<{ own: string; engine: string }> {
    const { IPAddress, Gateway } = (await this.inspect(service)).NetworkSettings.Networks[
      this.names.network
    ] ?? { IPAddress: "", Gateway: "" };
    return { own: IPAddress, engine: Gateway };
  }

  /** The image that one was made of. */
  image(service: string): Promise<string> {
    return run("docker", "inspect", "--format", "{{.Image}}", this.names.container(service));
  }

  /** The network and the name of a container that is to take another one's place. */
  placeOf(service: string): string[] {
    const name = `${this.names.container(service)}-in-place`;
    return ["--name", name, "--network", this.names.network, "--network-alias", service];
  }

  private async inspect(service: string): Promise<Inspection> {
    const [inspection] = JSON.parse(await run("docker", "inspect", this.names.container(service))) as [
      Inspection,
    ];
    return inspection;
  }
}

import execa from "execa";
import { Names } from "../../../../infra/platforms/docker";
import { Progress } from "../../console";
import { Finding } from "../../preflight/check";
import { prepareMachine } from "../../prepare";
import { pipelineStack, settings, StackSource } from "../../project";
import { Terraform } from "../../terraform";
import { Inventory, Running, Target } from "../target";
import { Deployed, KINDS, readDeployed } from "./deployed";
import { diagnose } from "./diagnosis";
import { leftovers, removeContainer, removeLeftovers } from "./leftovers";
import { residentMemory } from "./memory";
import { assertOwn, foreignObjects, obstacles } from "./ownership";
import { preflight } from "./preflight";

/** The pipeline on local Docker. */
export class DockerTarget implements Target {
  readonly name = "docker";

  stack(context?: Readonly<Record<string, unknown>>): StackSource {
    return pipelineStack(this.name, context);
  }

  preflight(directory: string): Promise<Finding[]> {
    return preflight(directory, this.stack().stack);
  }

  prepare(): Promise<void> {
    return prepareMachine(this.name);
  }

  async beforeApply(progress: Progress): Promise<void> {
    await assertOwn(this.deployed);
    await removeLeftovers(this.deployed, progress);
  }

  /** Does nothing: Terraform waits until containers are ready. */
  async afterApply(): Promise<void> {}

  /** Does nothing: Terraform waits until containers are removed. */
  async afterDown(): Promise<void> {}

  async inventory(): Promise<Inventory> {
    const { objects } = this.deployed;
    await assertOwn(this.deployed);
    const foreign = await foreignObjects(this.deployed);
    return {
      own: [
        ...objects.volume.map(({ name }) => `volume ${name}`),
        ...(await leftovers(this.deployed)).map(({ name }) => `container ${name}, left behind`),
      ],
      foreign: KINDS.filter((kind) => foreign[kind].length > 0).map(
        (kind) => `${kind}s ${foreign[kind].map(({ name }) => name).join(", ")}`,
      ),
      obstacles: await obstacles({
        network: [...objects.network, ...foreign.network],
        volume: [...objects.volume, ...foreign.volume],
      }),
    };
  }

  async destroy(progress: Progress, terraform: Terraform): Promise<void> {
    const { container, network, volume } = await foreignObjects(this.deployed);
    for (const each of container) await removeContainer(each);
    await this.beforeApply(progress);
    await terraform.destroy(progress);
    for (const { id } of network) await execa("docker", ["network", "rm", id]);
    for (const { id } of volume) await execa("docker", ["volume", "rm", id]);
  }

  diagnose(type: string, name: string): Promise<string> {
    return type === "docker_container" ? diagnose(name) : Promise.resolve("");
  }

  async running(): Promise<Running[]> {
    const format = "{{.Names}}\t{{.Status}}";
    const { stdout } = await execa("docker", ["ps", "--filter", this.names.filter, "--format", format]);
    const memory = await this.memory();
    return stdout
      .split("\n")
      .filter(Boolean)
      .sort()
      .map((row) => {
        const [name = "", state = ""] = row.split("\t");
        return { name, state, memory: memory.get(name) };
      });
  }

  memory(): Promise<ReadonlyMap<string, number>> {
    return residentMemory(["--filter", this.names.filter]);
  }

  async followLogs(name: string): Promise<void> {
    await execa("docker", ["logs", "--follow", "--tail", "100", name], { stdio: "inherit", reject: false });
  }

  async showLogs(name: string): Promise<void> {
    await execa("docker", ["logs", "--tail", "10", name], { stdio: "inherit" });
  }

  withPorts<T>(use: () => Promise<T>): Promise<T> {
    return use();
  }

  async exec(name: string, command: readonly string[]): Promise<number> {
    const args = ["exec", this.names.container(name), ...command];
    return (await execa("docker", args, { stdio: "inherit", reject: false })).exitCode;
  }

  execCommand(name: string): string {
    return `docker exec -it ${this.names.container(name)}`;
  }

  private get deployed(): Deployed {
    return readDeployed(this.stack().stack);
  }

  private get names(): Names {
    return new Names(settings().namePrefix);
  }
}

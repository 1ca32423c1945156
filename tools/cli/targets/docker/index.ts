import execa from "execa";
import { Names } from "../../../../infra/platforms/docker";
import { Progress } from "../../console";
import { Finding } from "../../preflight/check";
import { prepareMachine } from "../../prepare";
import { pipelineStack, settings, StackSource } from "../../project";
import { Terraform } from "../../terraform";
import { Running, Target } from "../target";
import { readDeployed } from "./deployed";
import { diagnose } from "./diagnosis";
import { removeLeftovers } from "./leftovers";
import { residentMemory } from "./memory";
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
    await removeLeftovers(readDeployed(this.stack().stack), progress);
  }

  /** Does nothing: Terraform waits until containers are ready. */
  async afterApply(): Promise<void> {}

  /** Does nothing: Terraform waits until containers are removed. */
  async afterDown(): Promise<void> {}

  async destroy(progress: Progress, terraform: Terraform): Promise<void> {
    await this.beforeApply(progress);
    await terraform.destroy(progress);
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

  private get names(): Names {
    return new Names(settings().namePrefix);
  }
}

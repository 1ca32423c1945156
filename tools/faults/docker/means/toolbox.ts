import { Progress } from "../../../cli/console";
import { synth } from "../../../cli/project";
import { Terraform } from "../../../cli/terraform";
import { run } from "../../../proof/support";

/** What `docker run --privileged` would give too much of: to signal processes, and to change other containers' networks. */
const RIGHTS = [
  ...["--pid", "host", "--network", "none"],
  ...["--cap-add", "SYS_ADMIN", "--cap-add", "NET_ADMIN", "--cap-add", "SYS_PTRACE"],
  ...["--security-opt", "seccomp=unconfined", "--security-opt", "apparmor=unconfined"],
];

/**
 * Programs that run beside the containers, with rights over them. A user of the engine has these rights without being
 * root.
 */
export class Toolbox {
  private constructor(private readonly image: string) {}

  /** Builds its image, once. */
  static async prepare(progress: Progress): Promise<Toolbox> {
    const source = {
      program: "tools/faults/docker/means/stack.ts",
      stack: "fault-tools",
      outdir: ".build/fault-tools",
    };
    const terraform = new Terraform(await synth(source));
    await terraform.init();
    await terraform.apply(progress);
    const { tools = "" } = await terraform.output<Record<string, string>>("images");
    return new Toolbox(tools);
  }

  /** Runs a program where it sees all processes of the engine. */
  run(...command: readonly string[]): Promise<string> {
    return run("docker", "run", "--rm", ...RIGHTS, this.image, ...command);
  }

  /** Copies a file of the image to this machine. */
  async extract(path: string, to: string): Promise<void> {
    const container = await run("docker", "create", this.image, "true");
    try {
      await run("docker", "cp", `${container}:${path}`, to);
    } finally {
      await run("docker", "rm", "--volumes", container);
    }
  }
}

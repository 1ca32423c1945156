import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import execa from "execa";
import { DEPLOYMENT_ID } from "../../infra/platforms/common";
import { JOB_CONTAINER_SUFFIX } from "../../infra/platforms/docker/job";
import { Progress } from "./console";
import { InterruptedError, Interruption } from "./interruption";
import { loadTerraformEnvironment } from "./prepare";
import { UserError } from "./errors";

/** The fields of a `terraform -json` line that are used here. */
interface Message {
  readonly type: string;
  readonly "@message": string;
  readonly hook?: {
    readonly resource?: {
      readonly addr: string;
      readonly resource_type: string;
      readonly resource_name: string;
    };
    readonly action?: string;
    readonly output?: string;
  };
  readonly diagnostic?: {
    readonly severity: string;
    readonly summary: string;
    readonly detail: string;
    /** Address of the affected resource. */
    readonly address?: string;
  };
}

/** Resource types that get a progress line, with the outcome to print. The others take no time. */
const SHOWN: Readonly<Record<string, { kind: string; outcome: string }>> = {
  docker_image: { kind: "image", outcome: "ready" },
  docker_container: { kind: "", outcome: "ready" },
  terraform_data: { kind: "job", outcome: "done" },
  docker_network: { kind: "network", outcome: "created" },
  docker_volume: { kind: "volume", outcome: "created" },
  kubernetes_stateful_set_v1: { kind: "", outcome: "ready" },
  kubernetes_deployment_v1: { kind: "", outcome: "ready" },
  kubernetes_job_v1: { kind: "job", outcome: "done" },
  kubernetes_namespace_v1: { kind: "namespace", outcome: "created" },
  "terraform_data.images": { kind: "", outcome: "delivered" },
};

/** Options of an unattended run. A killed command may still hold the lock for some seconds. */
const UNATTENDED = ["-auto-approve", "-input=false", "-json", "-lock-timeout=60s"];

/** Explains why a resource did not become ready; resolves to an empty string if the cause is unknown. */
export interface Diagnosis {
  diagnose(type: string, name: string): Promise<string>;
}

/** Terraform, or OpenTofu, on one synthesized stack. */
export class Terraform {
  private readonly binary: string;

  /** @param diagnosis explains why a resource did not become ready */
  constructor(
    private readonly directory: string,
    private readonly diagnosis?: Diagnosis,
  ) {
    loadTerraformEnvironment();
    this.binary = process.env.TERRAFORM_BINARY_NAME ?? "terraform";
  }

  /** Installs the providers, once. */
  async init(): Promise<void> {
    const options = ["init", "-input=false", "-no-color"];
    const present = existsSync(join(this.directory, ".terraform", "providers"));
    const result = await this.run(present ? [...options, "-upgrade=false"] : options);
    if (result.exitCode !== 0) throw new UserError(`terraform init failed:\n${result.stderr}`);
  }

  /**
   * Applies the configuration and shows the progress.
   * @param replace addresses of unchanged resources to recreate
   */
  async apply(progress: Progress, replace: readonly string[] = []): Promise<void> {
    const options = replace.map((address) => `-replace=${address}`);
    await this.stream(["apply", ...UNATTENDED, ...options], progress);
  }

  /** Creates the deployment's id, and nothing else, unless the state has it. */
  async createDeploymentId(): Promise<void> {
    const target = `-target=${DEPLOYMENT_ID.type}.${DEPLOYMENT_ID.name}`;
    const options = ["-auto-approve", "-input=false", "-no-color", "-lock-timeout=60s"];
    const result = await this.run(["apply", target, ...options]);
    if (result.exitCode !== 0) throw new UserError(`terraform apply failed:\n${result.stderr}`);
  }

  /** Destroys all resources of the stack. */
  async destroy(progress: Progress): Promise<void> {
    await this.stream(["destroy", ...UNATTENDED], progress);
  }

  /** @throws UserError if the configuration does not match the providers */
  async validate(): Promise<void> {
    const result = await this.run(["validate", "-no-color"]);
    if (result.exitCode !== 0) throw new UserError(`terraform validate failed:\n${result.stderr}`);
  }

  /** Whether the next apply would change a resource. */
  async hasChanges(): Promise<boolean> {
    const result = await this.run(["plan", "-input=false", "-no-color", "-detailed-exitcode"]);
    if (result.exitCode === 1) throw new UserError(`terraform plan failed:\n${result.stderr}`);
    return result.exitCode === 2;
  }

  /**
   * What an apply would do if the state were another one, as far as that can be told without a look at what is there.
   * @param state the file of that state; it stays as it is
   * @returns the plan, as `terraform show -json` prints it
   */
  async planFrom<T>(state: string): Promise<T> {
    const file = join(this.directory, "from.tfplan");
    const options = ["-input=false", "-no-color", "-refresh=false", "-lock=false", `-state=${state}`];
    const planned = await this.run(["plan", ...options, `-out=${file}`]);
    if (planned.exitCode !== 0) throw new UserError(`terraform plan failed:\n${planned.stderr}`);
    return JSON.parse((await this.run(["show", "-json", file])).stdout) as T;
  }

  /**
   * Reads an output of the stack.
   * @throws UserError if the state has no such output
   */
  async output<T>(name: string): Promise<T> {
    const result = await this.run(["output", "-json", name]);
    if (result.exitCode !== 0)
      throw new UserError(
        `no output "${name}" in the Terraform state: this checkout has no deployment; run: make up`,
      );
    return JSON.parse(result.stdout) as T;
  }

  /** The generated passwords, by the ids of the secrets. */
  passwords(): Promise<Record<string, string>> {
    return this.output("passwords");
  }

  private run(args: readonly string[]): execa.ExecaChildProcess {
    return execa(this.binary, args, { cwd: this.directory, reject: false });
  }

  private async stream(args: readonly string[], progress: Progress): Promise<void> {
    // A separate process group: Ctrl-C on the terminal reaches Terraform through the interruption only.
    const options = { cwd: this.directory, reject: false, buffer: false, detached: true };
    const child = execa(this.binary, args, options);
    // Terraform finishes and records the running operations, which requires that this process keeps reading its output.
    const interruption = new Interruption((count) => {
      progress.line(
        count === 1
          ? "interrupted: waiting for Terraform to finish; press Ctrl-C again to stop immediately"
          : "interrupted again: stopping immediately",
      );
      child.kill("SIGINT");
    });
    try {
      await this.follow(child, args, progress);
    } catch (error) {
      if (interruption.happened) throw new InterruptedError();
      throw error;
    } finally {
      interruption.end();
    }
  }

  private async follow(
    child: execa.ExecaChildProcess,
    args: readonly string[],
    progress: Progress,
  ): Promise<void> {
    const problems: Promise<string>[] = [];
    if (child.stdout) {
      for await (const line of createInterface({ input: child.stdout })) {
        const problem = show(JSON.parse(line) as Message, progress);
        if (problem !== undefined) problems.push(explain(problem, this.diagnosis));
      }
    }
    const { exitCode } = await child;
    if (exitCode !== 0)
      throw new UserError(
        (await Promise.all(problems)).join("\n\n") || `terraform ${args[0]} failed (exit code ${exitCode})`,
      );
  }
}

/**
 * Shows one message of Terraform.
 * @returns the diagnostic, if the message reports an error
 */
function show(message: Message, progress: Progress): Message["diagnostic"] {
  const { hook, diagnostic } = message;
  const resource = hook?.resource;
  const shown = SHOWN[resource?.addr ?? ""] ?? SHOWN[resource?.resource_type ?? ""];
  // The container of a job gets no line; the check of the job reports the outcome.
  if (
    resource !== undefined &&
    shown !== undefined &&
    !resource.resource_name.endsWith(JOB_CONTAINER_SUFFIX)
  ) {
    const what = `${shown.kind} ${resource.resource_name}`.trim();
    const removed = hook?.action === "delete";
    // Terraform only forgets an image; the engine keeps it.
    if (removed && resource.resource_type === "docker_image") return undefined;
    if (message.type === "apply_start") progress.begin(what);
    if (message.type === "apply_complete") progress.end(what, removed ? "removed" : shown.outcome);
    const output = hook?.output ?? "";
    // Output of the job, without the command that prints it.
    if (message.type === "provision_progress" && !output.startsWith("Executing: ")) {
      progress.line(`  ${resource.resource_name}: ${output}`);
    }
  }
  return diagnostic?.severity === "error" ? diagnostic : undefined;
}

/** Turns a diagnostic into the message of an error. */
async function explain(
  { summary, detail, address }: NonNullable<Message["diagnostic"]>,
  diagnosis: Diagnosis | undefined,
): Promise<string> {
  // For a failed job, the log without the command that prints it.
  const [, output] = detail.split(/exit status \d+\. Output: /);
  const problem = (output ?? `${summary}\n${detail}`).trim();
  const [, type, name] = /^([^.]+)\.(.+)$/.exec(address ?? "") ?? [];
  if (type === undefined || name === undefined) return problem;
  const more = (await diagnosis?.diagnose(type, name)) ?? "";
  return more === "" ? problem : `${name}: ${problem}\n${more}`;
}

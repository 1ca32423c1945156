import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import execa from "execa";
import { JOB_CONTAINER_SUFFIX } from "../../infra/platforms/docker/job";
import { Progress } from "./console";
import { InterruptedError, Interruption } from "./interruption";
import { loadTerraformEnvironment } from "./prepare";
import { UserError } from "./errors";

/** One line of `terraform -json`: the fields used here. */
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
    /** The resource it is about. */
    readonly address?: string;
  };
}

/** Kinds of resources worth a line, with what is said when one is there. The others take no time. */
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

/** A command that was killed may hold the lock for some seconds more. */
const UNATTENDED = ["-auto-approve", "-input=false", "-json", "-lock-timeout=60s"];

/** Tells why a resource did not become ready; nothing where that cannot be told. */
export interface Diagnosis {
  diagnose(type: string, name: string): Promise<string>;
}

/** Terraform, or OpenTofu, on one synthesized stack. */
export class Terraform {
  private readonly binary: string;

  /** @param diagnosis who can tell why a resource did not become ready */
  constructor(
    private readonly directory: string,
    private readonly diagnosis?: Diagnosis,
  ) {
    loadTerraformEnvironment();
    this.binary = process.env.TERRAFORM_BINARY_NAME ?? "terraform";
  }

  /** Fetches the providers, once. */
  async init(): Promise<void> {
    const options = ["init", "-input=false", "-no-color"];
    const present = existsSync(join(this.directory, ".terraform", "providers"));
    const result = await this.run(present ? [...options, "-upgrade=false"] : options);
    if (result.exitCode !== 0) throw new UserError(`terraform init failed:\n${result.stderr}`);
  }

  /**
   * Makes what is declared true, and shows it happening.
   * @param replace addresses of resources to make anew although nothing has changed about them
   */
  async apply(progress: Progress, replace: readonly string[] = []): Promise<void> {
    const options = replace.map((address) => `-replace=${address}`);
    await this.stream(["apply", ...UNATTENDED, ...options], progress);
  }

  /** Removes everything. */
  async destroy(progress: Progress): Promise<void> {
    await this.stream(["destroy", ...UNATTENDED], progress);
  }

  /** Fails when the configuration does not fit the providers. */
  async validate(): Promise<void> {
    const result = await this.run(["validate", "-no-color"]);
    if (result.exitCode !== 0) throw new UserError(`terraform validate failed:\n${result.stderr}`);
  }

  /** Whether the next apply would change anything. */
  async hasChanges(): Promise<boolean> {
    const result = await this.run(["plan", "-input=false", "-no-color", "-detailed-exitcode"]);
    if (result.exitCode === 1) throw new UserError(`terraform plan failed:\n${result.stderr}`);
    return result.exitCode === 2;
  }

  /** One of the stack's outputs. */
  async output<T>(name: string): Promise<T> {
    const result = await this.run(["output", "-json", name]);
    if (result.exitCode !== 0)
      throw new UserError(`no ${name} in the state: nothing is deployed from here; run: make up`);
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
    // In a process group of its own: Ctrl-C on the terminal reaches it by way of the interruption only.
    const options = { cwd: this.directory, reject: false, buffer: false, detached: true };
    const child = execa(this.binary, args, options);
    const interruption = new Interruption(child, progress);
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
 * Shows one message of Terraform's.
 * @returns the problem, when it tells of one
 */
function show(message: Message, progress: Progress): Message["diagnostic"] {
  const { hook, diagnostic } = message;
  const resource = hook?.resource;
  const shown = SHOWN[resource?.addr ?? ""] ?? SHOWN[resource?.resource_type ?? ""];
  // A job's container is no news of its own: its check tells how it went.
  if (
    resource !== undefined &&
    shown !== undefined &&
    !resource.resource_name.endsWith(JOB_CONTAINER_SUFFIX)
  ) {
    const what = `${shown.kind} ${resource.resource_name}`.trim();
    const removed = hook?.action === "delete";
    // An image is only forgotten: it stays on the engine, for the next time.
    if (removed && resource.resource_type === "docker_image") return undefined;
    if (message.type === "apply_start") progress.begin(what);
    if (message.type === "apply_complete") progress.end(what, removed ? "removed" : shown.outcome);
    const output = hook?.output ?? "";
    // What the job printed; not the command that shows it.
    if (message.type === "provision_progress" && !output.startsWith("Executing: ")) {
      progress.line(`  ${resource.resource_name}: ${output}`);
    }
  }
  return diagnostic?.severity === "error" ? diagnostic : undefined;
}

/** A problem as a user can use it. */
async function explain(
  { summary, detail, address }: NonNullable<Message["diagnostic"]>,
  diagnosis: Diagnosis | undefined,
): Promise<string> {
  // For a failed job: its log, without the command that shows it.
  const [, output] = detail.split(/exit status \d+\. Output: /);
  const problem = (output ?? `${summary}\n${detail}`).trim();
  const [, type, name] = /^([^.]+)\.(.+)$/.exec(address ?? "") ?? [];
  if (type === undefined || name === undefined) return problem;
  const more = (await diagnosis?.diagnose(type, name)) ?? "";
  return more === "" ? problem : `${name}: ${problem}\n${more}`;
}

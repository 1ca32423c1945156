import { type Target as TargetName } from "../../../infra/platforms/common";
import { Progress } from "../console";
import { Finding } from "../preflight/check";
import { StackSource } from "../project";
import type { Terraform } from "../terraform";

/** Something that runs: a container, or a pod. */
export interface Running {
  readonly name: string;
  readonly state: string;
  /** MiB that it holds resident, where that is known. */
  readonly memory?: number;
}

/** Where the pipeline is deployed to, as the commands see it. */
export interface Target {
  readonly name: TargetName;
  /** The stack that Terraform is given. */
  stack(context?: Readonly<Record<string, unknown>>): StackSource;
  /**
   * Looks at everything that a deploy needs; changes nothing.
   * @param directory the synthesized stack
   */
  preflight(directory: string): Promise<Finding[]>;
  /** Makes the machine ready. */
  prepare(): Promise<void>;
  /** Makes true what Terraform expects before it applies. */
  beforeApply(progress: Progress): Promise<void>;
  /** Waits for what Terraform does not wait for. */
  afterApply(progress: Progress): Promise<void>;
  /** Waits until nothing runs any more. */
  afterDown(progress: Progress): Promise<void>;
  /** Removes everything: by Terraform, and what Terraform has not made. */
  destroy(progress: Progress, terraform: Terraform): Promise<void>;
  /** Why a resource did not become ready, as far as can be told; empty where it cannot. */
  diagnose(type: string, name: string): Promise<string>;
  /** What runs. */
  running(): Promise<Running[]>;
  /** MiB that everything of it holds resident, by name; with what carries it. */
  memory(): Promise<ReadonlyMap<string, number>>;
  /** Follows the logs of one of them. */
  followLogs(name: string): Promise<void>;
  /** Shows the last lines of one of them. */
  showLogs(name: string): Promise<void>;
  /** Has the pipeline's ports answer on this machine as long as something needs them. */
  withPorts<T>(use: () => Promise<T>): Promise<T>;
  /**
   * Runs a command in a container, with this terminal's output.
   * @returns its exit code
   */
  exec(name: string, command: readonly string[]): Promise<number>;
  /** What one types to run a command in a container, up to the command. */
  execCommand(name: string): string;
}

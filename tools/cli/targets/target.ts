import { type Target as TargetName } from "../../../infra/platforms/common";
import { Progress } from "../console";
import { Finding } from "../preflight/check";
import { StackSource } from "../project";
import type { Terraform } from "../terraform";

/** A running container or pod. */
export interface Running {
  readonly name: string;
  readonly state: string;
  /** Resident memory in MiB, if known. */
  readonly memory?: number;
}

/** What `make destroy` would remove, and what prevents that. */
export interface Inventory {
  /** What this checkout deployed and must be told of, in words: volumes and clusters, which are removed with their data. */
  readonly own: readonly string[];
  /** What has the pipeline's names and was not deployed by this checkout, in words. */
  readonly foreign: readonly string[];
  /** What prevents the removal: a sentence with the remedy for each. */
  readonly obstacles: readonly string[];
}

/** The place that the pipeline is deployed to, as the commands use it. */
export interface Target {
  readonly name: TargetName;
  /** The stack of this target. */
  stack(context?: Readonly<Record<string, unknown>>): StackSource;
  /**
   * Checks everything that a deploy needs; changes nothing.
   * @param directory directory of the synthesized stack
   */
  preflight(directory: string): Promise<Finding[]>;
  /** Prepares the machine. */
  prepare(): Promise<void>;
  /**
   * Provides what Terraform requires before it applies, and removes leftovers.
   * @throws UserError if something else stands in their place, which belongs to another deployment
   */
  beforeApply(progress: Progress): Promise<void>;
  /** Waits for what Terraform does not wait for. */
  afterApply(progress: Progress): Promise<void>;
  /** Waits until every container or pod is removed. */
  afterDown(progress: Progress): Promise<void>;
  /** Lists what {@link Target.destroy} would remove. */
  inventory(): Promise<Inventory>;
  /** Removes everything that the inventory has, including what Terraform did not create. */
  destroy(progress: Progress, terraform: Terraform): Promise<void>;
  /** Explains why a resource did not become ready; resolves to an empty string if the cause is unknown. */
  diagnose(type: string, name: string): Promise<string>;
  /** Lists what runs. */
  running(): Promise<Running[]>;
  /** Resident memory in MiB by name, including the cluster itself. */
  memory(): Promise<ReadonlyMap<string, number>>;
  /** Follows the log of a container or pod. */
  followLogs(name: string): Promise<void>;
  /** Prints the last log lines of a container or pod. */
  showLogs(name: string): Promise<void>;
  /** Makes the pipeline's ports reachable on this machine while `use` runs. */
  withPorts<T>(use: () => Promise<T>): Promise<T>;
  /**
   * Runs a command in a container, with its output on this terminal.
   * @returns the exit code of the command
   */
  exec(name: string, command: readonly string[]): Promise<number>;
  /** Command line that runs a command in a container, up to that command. */
  execCommand(name: string): string;
}

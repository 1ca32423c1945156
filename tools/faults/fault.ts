import type { Progress } from "../cli/console";
import type { Deployment } from "../proof/deployment";
import type { Load } from "../proof/load";

/** Objects that a fault acts on, at every target. */
export interface Scene {
  readonly deployment: Deployment;
  /** Load that is staged during the fault. */
  readonly load: Load;
  /** The generated passwords, by the ids of the secrets. */
  readonly passwords: Readonly<Record<string, string>>;
  /** Recreates resources with Terraform, as a changed definition would. */
  readonly redeploy: (...addresses: readonly string[]) => Promise<void>;
  /** Users that must arrive besides those of the load. */
  readonly expect: (ids: readonly string[]) => void;
}

/** A fault that is injected while users are in flight. */
export interface Fault<S extends Scene = Scene> {
  /** Name of the fault on the command line. */
  readonly id: string;
  /** Title of the fault in the table. */
  readonly title: string;
  /** Target for the recovery in seconds after the end of the fault. */
  readonly goal: number;
  /**
   * Number of records that the fault makes impossible to process, and that must be set aside.
   * @default 0
   */
  readonly setAside?: number;
  /** Injects the fault; resolves when the fault is over. */
  act(scene: S): Promise<void>;
  /** Cleans up after the measurement, before the next fault. */
  tidy?(scene: S): Promise<void>;
}

/** The faults of one target. */
export interface Suite<S extends Scene = Scene> {
  readonly faults: readonly Fault<S>[];
  /** Prepares what only this target's faults need. */
  prepare(progress: Progress): Promise<Omit<S, keyof Scene>>;
}

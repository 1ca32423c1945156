import type { Progress } from "../cli/console";
import type { Deployment } from "../proof/deployment";
import type { Load } from "../proof/load";

/** What a fault can act on, wherever the pipeline is deployed. */
export interface Scene {
  readonly deployment: Deployment;
  /** What is staged all the while. */
  readonly load: Load;
  /** The generated passwords, by the ids of the secrets. */
  readonly passwords: Readonly<Record<string, string>>;
  /** Has Terraform make some resources anew, as a changed definition would. */
  readonly redeploy: (...addresses: readonly string[]) => Promise<void>;
  /** Users that must arrive besides those of the load. */
  readonly expect: (ids: readonly string[]) => void;
}

/** Something that goes wrong, for real, while users are on their way. */
export interface Fault<S extends Scene = Scene> {
  /** What one types to have only this one. */
  readonly id: string;
  /** What happens, as the table says it. */
  readonly title: string;
  /** Seconds after its end within which every user has arrived that was staged until then, and new ones do. */
  readonly goal: number;
  /**
   * Records that it makes impossible to process: as many must be set aside.
   * @default 0
   */
  readonly setAside?: number;
  /** Brings it about; resolves when it is over and the pipeline is left to itself. */
  act(scene: S): Promise<void>;
  /** Removes what it needed and would be in the way of the next one, after everything was measured. */
  tidy?(scene: S): Promise<void>;
}

/** The faults of one target. */
export interface Suite<S extends Scene = Scene> {
  readonly faults: readonly Fault<S>[];
  /** Makes ready what only this target's faults need. */
  prepare(progress: Progress): Promise<Omit<S, keyof Scene>>;
}

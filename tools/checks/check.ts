/** How many tests or steps of a check passed and failed. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  /**
   * CPU seconds that the check used outside its own process tree, in a container for instance.
   * @default 0
   */
  readonly cpuSeconds?: number;
  /**
   * Names of the tests that failed, which a run repeats at its end.
   * @default - none are named
   */
  readonly failures?: readonly string[];
}

/** One step of a run: it passes or fails. Each runs in a process of its own. */
export interface Check {
  /** Unique name; other checks refer to it. */
  readonly name: string;
  /** Runs the check; its output goes to the process's own. */
  readonly run: () => Promise<Tally>;
  /**
   * Names of checks that must have passed before this one starts; it is not run, and has failed, when one of them did not.
   * @default - none
   */
  readonly needs?: readonly string[];
  /**
   * Names of checks that must have ended before this one starts, in whatever way.
   * @default - none
   */
  readonly after?: readonly string[];
  /**
   * Name of the check whose leftovers this one removes: it also runs when the run is interrupted, provided that the named
   * check was started.
   * @default - the check removes nothing
   */
  readonly cleansUp?: string;
  /**
   * Whether it leaves the processors to others: to servers that start and to the tests that use them.
   * @default false
   */
  readonly background?: boolean;
  /**
   * Rough duration in minutes. Of several checks that may start, the one at the head of the longest chain starts first.
   * @default 0
   */
  readonly minutes?: number;
}

export const PASSED: Tally = { passed: 1, failed: 0 };
export const FAILED: Tally = { passed: 0, failed: 1 };

/** A check that is one step, which throws when it fails. */
export function step(name: string, run: () => Promise<void>, order: Partial<Check> = {}): Check {
  return { name, run: async () => (await run(), PASSED), ...order };
}

/** How one thing an app depends on fares. */
export interface DependencyState {
  ok: boolean;
  /** Why it is not ok, for people; never personal data. */
  reason?: string;
}

/**
 * What an app depends on, by name, and whether it can work with each now. Starts as not ready: "not connected yet".
 * The app tells it; `/readyz` and metrics read it.
 */
export class Readiness<Name extends string = string> {
  readonly #states: Map<Name, DependencyState>;

  constructor(
    names: readonly Name[],
    private readonly onChange: (name: Name, state: DependencyState) => void = () => {},
  ) {
    this.#states = new Map(names.map((name) => [name, { ok: false, reason: "not connected yet" }]));
  }

  /** The dependency can be used. */
  up(name: Name): void {
    this.#set(name, { ok: true });
  }

  /** The dependency cannot be used now; `reason` says why. */
  down(name: Name, reason: string): void {
    this.#set(name, { ok: false, reason });
  }

  /** True when every dependency can be used. */
  get ready(): boolean {
    return [...this.#states.values()].every((state) => state.ok);
  }

  /** The state of each dependency. */
  get states(): Record<Name, DependencyState> {
    return Object.fromEntries(this.#states) as Record<Name, DependencyState>;
  }

  #set(name: Name, state: DependencyState): void {
    const before = this.#states.get(name);
    this.#states.set(name, state);
    if (before?.ok !== state.ok || before.reason !== state.reason) this.onChange(name, state);
  }
}

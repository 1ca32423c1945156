const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Counts the signals that ask a run to stop, and calls back for each. */
export class Interruption {
  private count = 0;
  private readonly listener = () => this.onSignal(++this.count);

  /** @param onSignal receives how many signals have come by now */
  constructor(private readonly onSignal: (count: number) => void) {
    for (const signal of SIGNALS) process.on(signal, this.listener);
  }

  get happened(): boolean {
    return this.count > 0;
  }

  /** From now on, signals do what they usually do. */
  end(): void {
    for (const signal of SIGNALS) process.off(signal, this.listener);
  }
}

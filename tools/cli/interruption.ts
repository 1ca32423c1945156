import { UserError } from "./errors";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Thrown when the user interrupts a deploy. Finished work is recorded. */
export class InterruptedError extends UserError {
  constructor() {
    super("interrupted; finished work is kept; run the same command to resume");
  }
}

/** Survives the signals that ask a program to stop, so that the program ends in order. */
export class Interruption {
  private count = 0;
  private readonly listener = () => this.onSignal(++this.count);

  /** @param onSignal receives the number of signals so far */
  constructor(private readonly onSignal: (count: number) => void) {
    for (const signal of SIGNALS) process.on(signal, this.listener);
  }

  get happened(): boolean {
    return this.count > 0;
  }

  /** Restores the default handling of signals. */
  end(): void {
    for (const signal of SIGNALS) process.off(signal, this.listener);
  }
}

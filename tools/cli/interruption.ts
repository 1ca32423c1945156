import { ExecaChildProcess } from "execa";
import { Progress } from "./console";
import { UserError } from "./errors";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Thrown when the user interrupts a deploy. Finished work is recorded. */
export class InterruptedError extends UserError {
  constructor() {
    super("interrupted; finished work is kept; run the same command to resume");
  }
}

/**
 * Forwards interruptions to Terraform and survives them. Terraform then finishes and records the running operations,
 * which requires that this process keeps reading its output.
 */
export class Interruption {
  private count = 0;
  private readonly listener = () => this.interrupt();

  constructor(
    private readonly terraform: ExecaChildProcess,
    private readonly progress: Progress,
  ) {
    for (const signal of SIGNALS) process.on(signal, this.listener);
  }

  get happened(): boolean {
    return this.count > 0;
  }

  /** Restores the default handling of signals. */
  end(): void {
    for (const signal of SIGNALS) process.off(signal, this.listener);
  }

  private interrupt(): void {
    this.count += 1;
    this.progress.line(
      this.count === 1
        ? "interrupted: waiting for Terraform to finish; press Ctrl-C again to stop immediately"
        : "interrupted again: stopping immediately",
    );
    this.terraform.kill("SIGINT");
  }
}

import { ExecaChildProcess } from "execa";
import { Progress } from "./console";
import { UserError } from "./errors";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The user stopped a deploy. What was done until then is recorded. */
export class InterruptedError extends UserError {
  constructor() {
    super("interrupted; what was done is kept, and the same command goes on from there");
  }
}

/**
 * Passes interruptions on to Terraform and outlives them: Terraform ends what it has begun and records it, which it cannot
 * when this process, which reads its output, is gone.
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

  /** From now on, signals do what they usually do. */
  end(): void {
    for (const signal of SIGNALS) process.off(signal, this.listener);
  }

  private interrupt(): void {
    this.count += 1;
    this.progress.line(
      this.count === 1
        ? "interrupted: Terraform ends what it has begun and records it; once more stops it at once"
        : "interrupted again: stopping at once",
    );
    this.terraform.kill("SIGINT");
  }
}

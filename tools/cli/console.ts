import picocolors from "picocolors";

/** Colours, on a terminal only. The library itself would also colour the logs of a CI run. */
export const pc = picocolors.createColors(
  Boolean(process.stdout.isTTY) && process.env.NO_COLOR === undefined,
);

/** Formats a duration, e.g. "8 s" or "2 min 05 s". */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
}

/** Formats rows as aligned columns, indented by two spaces. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>(
    (all, row) => row.map((cell, i) => Math.max(cell.length, all[i] ?? 0)),
    [],
  );
  return rows
    .map((row) => `  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  ")}`.trimEnd())
    .join("\n");
}

/** A step in progress. */
interface Running {
  readonly began: number;
  /** Returns the latest detail of the step. */
  readonly detail: () => string;
}

/**
 * Progress of long work: one line for each finished step, and the steps in progress. A terminal shows these in one
 * changing line; other outputs get a line at an interval.
 */
export class Progress {
  private readonly started = Date.now();
  private readonly running = new Map<string, Running>();
  private readonly timer: NodeJS.Timeout;
  private reminded = Date.now();

  /** @param remindAfterMs interval of the lines with steps in progress, if the output is not a terminal */
  constructor(
    private readonly out: NodeJS.WriteStream = process.stdout,
    private readonly remindAfterMs = 15_000,
  ) {
    this.timer = setInterval(() => this.showWaiting(), out.isTTY ? 1000 : remindAfterMs);
  }

  /**
   * Starts a step.
   * @param detail returns the latest detail of the step, which is shown while no other step is in progress
   */
  begin(what: string, detail: () => string = () => ""): void {
    this.running.set(what, { began: Date.now(), detail });
  }

  /** Ends a step with its outcome, e.g. "ready". */
  end(what: string, outcome: string, succeeded = true): void {
    const began = this.running.get(what)?.began ?? Date.now();
    this.running.delete(what);
    const mark = succeeded ? pc.green("✔") : pc.red("✘");
    this.line(`${mark} ${what.padEnd(34)} ${outcome.padEnd(10)} ${pc.dim(duration(Date.now() - began))}`);
  }

  /** Prints a line, prefixed with the time since the start. */
  line(text: string): void {
    this.clearWaiting();
    this.out.write(`${pc.dim(duration(Date.now() - this.started).padStart(12))}  ${text}\n`);
    this.reminded = Date.now();
  }

  /** Text of several lines, as it is. */
  text(text: string): void {
    this.clearWaiting();
    this.out.write(`${text.trimEnd()}\n`);
  }

  /** Stops showing the steps in progress. */
  stop(): void {
    clearInterval(this.timer);
    this.clearWaiting();
  }

  private showWaiting(): void {
    if (this.running.size === 0) return;
    if (!this.out.isTTY && Date.now() - this.reminded < this.remindAfterMs - 1000) return;
    const running = [...this.running];
    const names = running.map(([what, { began }]) => `${what} (${duration(Date.now() - began)})`).join(", ");
    const detail = running.length === 1 ? running[0]![1].detail() : "";
    const waiting = detail === "" ? names : `${names}: ${detail}`;
    if (!this.out.isTTY) return this.line(`  waiting for ${waiting}`);
    const text = `${duration(Date.now() - this.started).padStart(12)}    waiting for ${waiting}`;
    this.clearWaiting();
    this.out.write(pc.dim(text.slice(0, (this.out.columns || 80) - 1)));
  }

  private clearWaiting(): void {
    if (this.out.isTTY) this.out.write("\r\x1b[K");
  }
}

/** Runs an action and shows its progress. */
export async function withProgress(action: (progress: Progress) => Promise<void>): Promise<void> {
  const progress = new Progress();
  try {
    await action(progress);
  } finally {
    progress.stop();
  }
}

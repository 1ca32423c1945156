import picocolors from "picocolors";

/** Colours on a terminal only. The library would also colour the logs of a CI run. */
export const pc = picocolors.createColors(
  Boolean(process.stdout.isTTY) && process.env.NO_COLOR === undefined,
);

/** Seconds as people say them: "8 s", "2 min 05 s". */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
}

/** Rows as aligned columns, indented by two. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>(
    (all, row) => row.map((cell, i) => Math.max(cell.length, all[i] ?? 0)),
    [],
  );
  return rows
    .map((row) => `  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  ")}`.trimEnd())
    .join("\n");
}

/**
 * Shows long work as it goes on: a line for each thing that is done, and what is being waited for: as one changing
 * line on a terminal, as a line every 15 seconds elsewhere.
 */
export class Progress {
  private static readonly REMIND_AFTER = 15_000;
  private readonly started = Date.now();
  private readonly running = new Map<string, number>();
  private readonly timer: NodeJS.Timeout;
  private reminded = Date.now();

  constructor(private readonly out: NodeJS.WriteStream = process.stdout) {
    this.timer = setInterval(() => this.showWaiting(), out.isTTY ? 1000 : Progress.REMIND_AFTER);
  }

  /** Something has begun. */
  begin(what: string): void {
    this.running.set(what, Date.now());
  }

  /** Something that has begun is done; `outcome` says how, e.g. "ready". */
  end(what: string, outcome: string): void {
    const began = this.running.get(what) ?? Date.now();
    this.running.delete(what);
    this.line(
      `${pc.green("✔")} ${what.padEnd(34)} ${outcome.padEnd(10)} ${pc.dim(duration(Date.now() - began))}`,
    );
  }

  /** A line of its own, with the time since the start before it. */
  line(text: string): void {
    this.clearWaiting();
    this.out.write(`${pc.dim(duration(Date.now() - this.started).padStart(12))}  ${text}\n`);
    this.reminded = Date.now();
  }

  /** No more waiting is shown. */
  stop(): void {
    clearInterval(this.timer);
    this.clearWaiting();
  }

  private showWaiting(): void {
    if (this.running.size === 0) return;
    if (!this.out.isTTY && Date.now() - this.reminded < Progress.REMIND_AFTER - 1000) return;
    const waiting = [...this.running]
      .map(([what, began]) => `${what} (${duration(Date.now() - began)})`)
      .join(", ");
    if (!this.out.isTTY) return this.line(`  waiting for ${waiting}`);
    const text = `${duration(Date.now() - this.started).padStart(12)}    waiting for ${waiting}`;
    this.clearWaiting();
    this.out.write(pc.dim(text.slice(0, (this.out.columns || 80) - 1)));
  }

  private clearWaiting(): void {
    if (this.out.isTTY) this.out.write("\r\x1b[K");
  }
}

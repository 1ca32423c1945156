import { duration, pc, Progress, table } from "../../cli/console";
import type { CheckProcess, Result } from "./child";
import { machineCpuSeconds } from "./cpu";

/** Elsewhere than on a terminal, what is running is named that often. */
const REMIND_AFTER_MS = 60_000;

/** That many of the tests that failed are named at the end. */
const NAMED_FAILURES = 20;

interface Row extends Result {
  readonly name: string;
  readonly milliseconds: number;
}

/**
 * What a run prints: what is running, the whole output of each check when it ends, at the end the output of those that
 * failed, a table, and the sum.
 */
export class Report {
  private readonly progress = new Progress(process.stdout, REMIND_AFTER_MS);
  private readonly startedAt = Date.now();
  private readonly cpuSecondsAtStart = machineCpuSeconds();
  private readonly startOf = new Map<string, number>();
  private readonly rows: Row[] = [];
  private readonly failures: string[] = [];

  began(name: string, process: CheckProcess): void {
    this.startOf.set(name, Date.now());
    this.progress.begin(name, () => lastLine(process.output()));
  }

  ended(name: string, result: Result, output: string): void {
    this.rows.push({ ...result, name, milliseconds: Date.now() - this.startOf.get(name)! });
    const succeeded = result.failed === 0;
    this.progress.end(
      name,
      `${succeeded ? result.passed : result.failed} ${succeeded ? "passed" : "failed"}`,
      succeeded,
    );
    const section = `\n${pc.bold(`── ${name}`)}\n${output}`;
    if (!succeeded) this.failures.push(section);
    else if (output !== "") this.progress.text(`${section}\n`);
  }

  /** A check that could not run counts as one that failed. */
  notRun(name: string, reason: string): void {
    this.rows.push({ name, passed: 0, failed: 1, milliseconds: 0, cpuSeconds: 0 });
    this.progress.line(`${pc.red("✘")} ${name} was not run: ${reason}`);
  }

  interrupted(count: number): void {
    this.progress.line(
      count === 1
        ? "interrupted: stopping what is running, then cleaning up; press Ctrl-C again to kill it"
        : "interrupted again: killing what is running",
    );
  }

  /**
   * Prints what failed, the table and the sum.
   * @returns how many tests and steps have failed
   */
  finish(): number {
    this.progress.stop();
    for (const failure of this.failures) console.log(failure.trimEnd());
    const sum = (of: (row: Row) => number) => this.rows.reduce((total, row) => total + of(row), 0);
    const [passed, failed] = [sum((row) => row.passed), sum((row) => row.failed)];
    const together = {
      name: "together, containers included",
      passed,
      failed,
      milliseconds: Date.now() - this.startedAt,
      cpuSeconds: machineCpuSeconds() - this.cpuSecondsAtStart,
    };
    const inOrder = [
      ...this.rows.filter((row) => row.failed === 0),
      ...this.rows.filter((row) => row.failed > 0),
    ];
    console.log(`\n${table([...inOrder, together].map(cells))}\n`);
    for (const line of this.namesOfFailures()) console.log(line);
    console.log(`${passed} passed, ${failed} failed`);
    return failed;
  }

  /** The tests that failed, and an empty line, as lines: a log is often shown from its end. */
  private namesOfFailures(): string[] {
    const names = this.rows.flatMap(({ name, failures = [] }) => failures.map((each) => `${name}: ${each}`));
    const shown = names.slice(0, NAMED_FAILURES).map((name) => `  ${pc.red("✘")} ${name}`);
    if (names.length > NAMED_FAILURES) shown.push(`    and ${names.length - NAMED_FAILURES} more`);
    return shown.length === 0 ? [] : [...shown, ""];
  }
}

function cells({ name, passed, failed, milliseconds, cpuSeconds }: Row): string[] {
  const mark = failed === 0 ? pc.green("✔") : pc.red("✘");
  const costs = [duration(milliseconds), `${Math.round(cpuSeconds)} CPU s`];
  return [mark, name, `${passed} passed`, `${failed} failed`, ...costs];
}

function lastLine(output: string): string {
  return output.trimEnd().split("\n").at(-1)!.trim();
}

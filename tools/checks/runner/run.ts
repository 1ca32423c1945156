import { availableParallelism } from "node:os";
import { PGraph } from "p-graph";
import { Interruption } from "../../cli/interruption";
import { type Check } from "../check";
import { CheckProcess, type CommandLine } from "./child";
import { Report } from "./report";

/** Checks that run at a time: most wait for servers more than they compute. */
const CONCURRENCY = Math.max(4, availableParallelism());

/**
 * Runs checks side by side, each in a process of its own and as soon as what it needs is there, and reports what came of
 * each. After a signal it starts only what cleans up.
 * @param commandFor returns the command line of a check's process, which calls {@link runHere}
 * @returns the exit code: 0 when all have passed
 * @throws when checks need each other in a circle, or one that is not in the list
 */
export function runChecks(
  checks: readonly Check[],
  commandFor: (name: string) => CommandLine,
): Promise<number> {
  return new Run(commandFor).run(checks);
}

class Run {
  private readonly report = new Report();
  private readonly processes = new Map<string, CheckProcess>();
  private readonly passed = new Set<string>();
  private readonly interruption = new Interruption((count) => this.interrupt(count));

  constructor(private readonly commandFor: (name: string) => CommandLine) {}

  async run(checks: readonly Check[]): Promise<number> {
    const nodes = checks.map(
      (check) => [check.name, { run: () => this.runCheck(check), priority: check.minutes ?? 0 }] as const,
    );
    const order = checks.flatMap(({ name, needs = [], after = [] }) =>
      [...needs, ...after].map((earlier): [string, string] => [earlier, name]),
    );
    try {
      await new PGraph(new Map(nodes), order).run({ concurrency: CONCURRENCY });
    } finally {
      this.interruption.end();
    }
    const failed = this.report.finish();
    if (this.interruption.happened) return 130;
    return failed === 0 ? 0 : 1;
  }

  private async runCheck({ name, needs = [], cleansUp, background = false }: Check): Promise<void> {
    if (cleansUp !== undefined) {
      if (!this.processes.has(cleansUp)) return;
    } else if (this.interruption.happened) {
      return;
    }
    const missing = needs.find((each) => !this.passed.has(each));
    if (missing !== undefined) return this.report.notRun(name, `it needs "${missing}", which did not pass`);

    const process = new CheckProcess(name, this.commandFor(name));
    if (background) process.yieldProcessors();
    this.processes.set(name, process);
    this.report.began(name, process);
    const result = await process.result();
    if (result.failed === 0) this.passed.add(name);
    this.report.ended(name, result, process.output());
  }

  private interrupt(count: number): void {
    this.report.interrupted(count);
    for (const process of this.processes.values()) process.signal(count === 1 ? "SIGINT" : "SIGKILL");
  }
}

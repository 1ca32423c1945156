import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { setPriority, tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../../cli/project";
import { type Check, FAILED, type Tally } from "../check";
import { REPORTS } from "../command";
import { processCpuSeconds } from "./cpu";

/** The variable that names the file to which a check's process writes its {@link Result} as JSON. */
const RESULT_FILE = "CHECK_RESULT_FILE";

/** The niceness of checks in the background. */
const BACKGROUND_NICE = 10;

/** A program and its arguments. */
export type CommandLine = readonly [string, ...string[]];

/** What came of a check. */
export interface Result extends Tally {
  /** CPU seconds of the check's process and all that it started. */
  readonly cpuSeconds: number;
}

/** Runs a check in this process, with its output going to the terminal; a check that throws has failed. */
export async function runHere(check: Check): Promise<Result> {
  const tally = await check.run().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    return FAILED;
  });
  const result = { ...tally, cpuSeconds: processCpuSeconds() + (tally.cpuSeconds ?? 0) };
  const file = process.env[RESULT_FILE];
  if (file !== undefined) writeFileSync(file, JSON.stringify(result));
  return result;
}

/** A check that runs as a process of its own. */
export class CheckProcess {
  /** The file that has its output. */
  readonly outputFile: string;
  private readonly resultFile: string;
  /** What it and its children leave in the temporary folder is removed with it. */
  private readonly scratch = mkdtempSync(join(tmpdir(), "check-"));
  private readonly child: ChildProcess;
  private ended = false;

  constructor(name: string, [file, ...args]: CommandLine) {
    const base = join(REPORTS, name.replaceAll(/[^\w-]+/g, "-"));
    mkdirSync(REPORTS, { recursive: true });
    this.outputFile = `${base}.log`;
    this.resultFile = `${base}.json`;
    rmSync(this.resultFile, { force: true });
    const output = openSync(this.outputFile, "w");
    this.child = spawn(file, args, {
      cwd: ROOT,
      stdio: ["ignore", output, output],
      env: { ...process.env, [RESULT_FILE]: this.resultFile, TMPDIR: this.scratch },
      // A process group of its own: a signal reaches all that it started, and Ctrl-C on the terminal only by way of the runner.
      detached: true,
    });
    closeSync(output);
  }

  /** Waits for the end. A process that ends without a result has failed. */
  async result(): Promise<Result> {
    await once(this.child, "close");
    this.killLeftovers();
    this.ended = true;
    rmSync(this.scratch, { recursive: true, force: true, maxRetries: 10 });
    try {
      return JSON.parse(readFileSync(this.resultFile, "utf8")) as Result;
    } catch {
      return { ...FAILED, cpuSeconds: 0 };
    }
  }

  /** All it has written so far. */
  output(): string {
    return readFileSync(this.outputFile, "utf8");
  }

  /** Has it, and all that it starts from now on, leave the processors to others. */
  yieldProcessors(): void {
    const { pid } = this.child;
    if (pid === undefined) return;
    try {
      setPriority(pid, BACKGROUND_NICE);
      // Where the kernel groups processes by session, the priority of the group counts beside others, see sched(7).
      writeFileSync(`/proc/${pid}/autogroup`, String(BACKGROUND_NICE), { flag: "r+" });
    } catch {
      // It has ended already, or this kernel has no such groups.
    }
  }

  /**
   * Kills what it started and left behind: its process group, and programs that made a group of their own, as browsers do. These
   * are known by the temporary folder in their environment. A daemon that is to stay, such as `dockerd`, is started without it.
   */
  private killLeftovers(): void {
    this.signal("SIGKILL");
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
        if (environment.some((line) => line.startsWith(`TMPDIR=${this.scratch}`)))
          process.kill(Number(pid), "SIGKILL");
      } catch {
        // It has ended, or is another user's.
      }
    }
  }

  /** Sends a signal to it and to all that it started; nothing once it has ended, as its number may be another's by then. */
  signal(signal: NodeJS.Signals): void {
    if (this.ended) return;
    try {
      process.kill(-this.child.pid!, signal);
    } catch {
      // None of them is left.
    }
  }
}

import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";

/** What a run of the job left behind. */
export interface Run {
  code: number;
  /** Standard output without the lines about waiting, one item a line, single spaces. */
  lines: string[];
  error: string;
}

/** The job as it is shipped: one bundled file with its assets beside it, run as a process. */
export class SetupCli {
  private readonly directory = mkdtempSync(join(tmpdir(), "setup-test-"));

  constructor() {
    const app = join(__dirname, "..");
    buildSync({
      entryPoints: [join(app, "src/main.ts")],
      bundle: true,
      platform: "node",
      outfile: join(this.directory, "index.js"),
      logLevel: "error",
    });
    for (const assets of ["sql", "cql"])
      cpSync(join(app, assets), join(this.directory, assets), { recursive: true });
  }

  /** Writes a file and returns its path. */
  file(name: string, content: string): string {
    const path = join(this.directory, name);
    writeFileSync(path, content);
    return path;
  }

  /** Runs a command with nothing else in its environment. */
  run(args: string[], environment: Record<string, string | number>, declaration?: object): Promise<Run> {
    const env = Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, String(value)]));
    if (declaration) env["SETUP_FILE"] = this.file("setup.json", JSON.stringify(declaration));
    return new Promise((resolve) => {
      execFile(
        process.execPath,
        [join(this.directory, "index.js"), ...args],
        { env },
        (error, stdout, stderr) => {
          const lines = stdout
            .trim()
            .split("\n")
            .map((line) => line.replace(/ +/g, " "));
          resolve({
            code: typeof error?.code === "number" ? error.code : error ? -1 : 0,
            lines: lines.filter((line) => line !== "" && !line.startsWith("waiting for")),
            error: stderr,
          });
        },
      );
    });
  }

  /** Removes the bundle and the files. */
  remove(): void {
    rmSync(this.directory, { recursive: true });
  }
}

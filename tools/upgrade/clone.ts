import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import execa from "execa";
import { stateFile } from "../../infra/platforms/common";
import { ROOT } from "../cli/project";
import { type Outcome } from "../proof/support";
import { Release, requireHistory } from "./last-release";

/** File by which the Makefile recognises that the packages are installed. */
const INSTALLED = "node_modules/.package-lock.json";

/**
 * A clone of this repository in which a release is deployed and later upgraded. It has everything that an upgrade meets
 * in a real checkout: the release's packages, synthesized stacks, lock files and caches.
 */
export class Clone {
  private constructor(private readonly directory: string) {}

  /**
   * Clones the repository, at a release.
   * @throws UserError when the repository does not have the release's commit
   */
  static async of(release: Release): Promise<Clone> {
    requireHistory(ROOT, release);
    const clone = new Clone(mkdtempSync(join(tmpdir(), "upgrade-")));
    // Shared objects: what is not committed here can be checked out there, too.
    await git("clone", "--quiet", "--shared", "--no-checkout", ROOT, clone.directory);
    await clone.git("checkout", "--quiet", "--detach", release.commit);
    await clone.takePackages();
    return clone;
  }

  /**
   * Makes the clone use this checkout's state of a stack. This checkout can then continue with what the clone deploys,
   * and `make destroy` here removes it, also when a test has failed half way.
   */
  shareState(stack: string): void {
    const file = stateFile(stack);
    symlinkSync(file, join(this.directory, basename(file)));
  }

  /** Checks out what is in this checkout now, committed or not. */
  async checkOutPresent(): Promise<void> {
    await this.git("read-tree", "--reset", "-u", await presentTree());
    await this.takePackages();
  }

  /** Clones the repository as a second checkout of what is in this one, which has deployed nothing. */
  static async ofPresent(): Promise<Clone> {
    const clone = await Clone.of({ version: "present", commit: await git("rev-parse", "HEAD") });
    await clone.checkOutPresent();
    return clone;
  }

  /**
   * `make COMMAND` on a target, which may fail.
   * @param variables settings, as environment variables
   */
  async attempt(
    command: string,
    target: string,
    variables: Readonly<Record<string, string>> = {},
  ): Promise<Outcome> {
    const options = {
      cwd: this.directory,
      env: variables,
      reject: false,
      all: true,
      stdin: "ignore",
    } as const;
    const { exitCode, all = "" } = await execa("make", [command, `TARGET=${target}`], options);
    return { exitCode, output: all };
  }

  /** `make COMMAND` on local Docker, with its output shown as it comes. */
  async make(command: string): Promise<void> {
    await execa("make", [command, "TARGET=docker"], { cwd: this.directory, stdio: "inherit" });
  }

  /** Removes the folder; what was deployed stays. */
  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  /**
   * Copies this checkout's npm packages where the clone wants the same. Where it does not, or here are none, `make` installs
   * them, which takes a minute of CPU.
   */
  private async takePackages(): Promise<void> {
    const [present, wanted] = [packagesOf(ROOT), packagesOf(this.directory)];
    if (!isDeepStrictEqual(present, wanted) || !existsSync(join(ROOT, INSTALLED))) return;
    rmSync(join(this.directory, "node_modules"), { recursive: true, force: true });
    await execa("cp", ["--archive", join(ROOT, "node_modules"), this.directory]);
    const now = new Date();
    utimesSync(join(this.directory, INSTALLED), now, now);
  }

  private git(...args: readonly string[]): Promise<string> {
    return git("-C", this.directory, ...args);
  }
}

/** What a lock file says of packages, without the project's own version. */
function packagesOf(checkout: string): object {
  const lock = JSON.parse(readFileSync(join(checkout, "package-lock.json"), "utf8")) as {
    packages: Readonly<Record<string, object>>;
  };
  return { ...lock.packages, "": { ...lock.packages[""], version: undefined } };
}

/** Writes every file of this checkout that git does not ignore as a tree, and leaves its index alone. */
async function presentTree(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "index-"));
  const env = { GIT_INDEX_FILE: join(folder, "index") };
  try {
    await execa("git", ["add", "--all"], { cwd: ROOT, env });
    return (await execa("git", ["write-tree"], { cwd: ROOT, env })).stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function git(...args: readonly string[]): Promise<string> {
  return (await execa("git", args, { cwd: ROOT })).stdout;
}

import { readFileSync } from "node:fs";
import { join } from "node:path";
import execa from "execa";
import { UserError } from "../cli/errors";
import { ROOT } from "../cli/project";

/** A released version. */
export interface Release {
  readonly version: string;
  /** The full hash of its commit. */
  readonly commit: string;
}

/**
 * The last release, from a file that the commit after each release brings up to date: a clone may lack tags, and a commit
 * cannot hold its own hash.
 */
export function lastRelease(): Release {
  return JSON.parse(readFileSync(join(ROOT, "__tests__/upgrade/last-release.json"), "utf8")) as Release;
}

/**
 * Makes sure that a release can be checked out from a repository.
 * @throws UserError when the history is missing, as in a clone of depth 1
 */
export function requireHistory(repository: string, { version, commit }: Release): void {
  const git = (...args: readonly string[]) =>
    execa.sync("git", args, { cwd: repository, reject: false, stdin: "ignore" });
  const shallow = git("rev-parse", "--is-shallow-repository").stdout !== "false";
  if (!shallow && git("cat-file", "-e", `${commit}^{commit}`).exitCode === 0) return;
  throw new UserError(
    `the upgrade test starts at release ${version} (commit ${commit}) and needs a clone with its whole history; ` +
      `run: git fetch ${shallow ? "--unshallow" : "origin"}`,
  );
}

import execa from "execa";
import { ROOT } from "../cli/project";
import { type Check } from "./check";
import { jestTally } from "./jest";
import { staticChecks } from "./static";

/** What a developer runs before each commit: checks without servers, of what has changed where that can be told. */
export function quickChecks(): Check[] {
  return [
    ...staticChecks({ cached: true }),
    {
      name: "tests: changed",
      run: async () => jestTally("infra", ["--changedSince", await publishedCommit(), "--passWithNoTests"]),
      minutes: 1,
    },
  ];
}

/** The newest commit that the branch shares with what it follows; the last commit where it follows nothing. */
async function publishedCommit(): Promise<string> {
  const { stdout, exitCode } = await execa("git", ["merge-base", "HEAD", "@{upstream}"], {
    cwd: ROOT,
    reject: false,
  });
  return exitCode === 0 ? stdout : "HEAD";
}

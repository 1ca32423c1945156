import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import execa from "execa";
import { ROOT } from "../cli/project";

/** The module by which tests read the synthesized stacks. */
const STACKS = "__tests__/support/stacks.ts";
/** Options that run the checkout's jest without the delay of npx. */
const LOCAL = { cwd: ROOT, preferLocal: true, localDir: ROOT };
const PROJECT = ["--selectProjects", "infra"];

/** A test that failed. */
export interface Failure {
  readonly test: string;
  readonly message: string;
}

interface Report {
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/** Finds the files of the tests that read the synthesized stacks. */
export async function stackTests(): Promise<readonly string[]> {
  const args = [...PROJECT, "--listTests", "--json", "--findRelatedTests", STACKS];
  return JSON.parse((await execa("jest", args, LOCAL)).stdout) as string[];
}

/**
 * Runs tests with the stacks of a folder.
 * @param tests their files
 * @throws Error if no test passed
 */
export async function failuresWith(folder: string, tests: readonly string[]): Promise<readonly Failure[]> {
  const report = join(folder, "report.json");
  const options = ["--ci", "--runInBand", "--json", `--outputFile=${report}`, "--runTestsByPath"];
  const { stderr } = await execa("jest", [...PROJECT, ...options, ...tests], {
    ...LOCAL,
    env: { SYNTHESIZED_STACKS: folder, NO_COLOR: "1" },
    reject: false,
  });
  const { numPassedTests, testResults } = JSON.parse(readFileSync(report, "utf8")) as Report;
  if (numPassedTests === 0) throw new Error(`no test passed with the stacks in ${folder}:\n${stderr}`);
  return testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === "failed")
      .map(({ fullName, failureMessages }) => ({
        test: `${basename(name, ".test.ts")}: ${fullName}`,
        message: failureMessages.join("\n"),
      })),
  );
}

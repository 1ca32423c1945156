import { readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { ROOT } from "../cli/project";
import { type Check, type Tally } from "./check";
import { command, REPORTS } from "./command";
import { type Proof } from "./proof";

/** A project of jest.config.js. */
export type JestProject = "infra" | "images" | "apps" | "outages" | `e2e-${Proof}`;

/** What jest's option --json writes, as far as it is read here. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numFailedTestSuites: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** A check that runs one of jest's projects and counts its tests. */
export function jestCheck(project: JestProject, order: Partial<Check> = {}): Check {
  return { name: `tests: ${project}`, run: () => jestTally(project), ...order };
}

/** Runs tests of one of jest's projects and counts them. */
export async function jestTally(project: JestProject, options: readonly string[] = []): Promise<Tally> {
  const report = join(REPORTS, `jest-${project}.json`);
  rmSync(report, { force: true });
  // Tests against shared services, and the steps of the end-to-end test, run one after the other.
  const serial = project === "infra" ? [] : ["--runInBand"];
  const args = [
    "--ci",
    "--selectProjects",
    project,
    ...serial,
    "--json",
    `--outputFile=${report}`,
    ...options,
  ];
  const exitCode = await command("jest", args);
  const { numPassedTests, numFailedTests, numFailedTestSuites, testResults } = JSON.parse(
    readFileSync(report, "utf8"),
  ) as Report;
  // A suite that cannot even be loaded has no failed test; a runner that breaks has neither.
  const failed = Math.max(numFailedTests, numFailedTestSuites, exitCode === 0 ? 0 : 1);
  return { passed: numPassedTests, failed, failures: testResults.flatMap(failuresOf) };
}

function failuresOf({ name, status, assertionResults }: Report["testResults"][number]): string[] {
  const tests = assertionResults.filter((test) => test.status === "failed").map(({ fullName }) => fullName);
  // A suite that cannot be loaded has no tests.
  return status === "failed" && tests.length === 0 ? [relative(ROOT, name)] : tests;
}

import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Proof } from "./e2e";
import { Check, command, REPORTS } from "./runner";

/** A check that runs one of jest's projects and counts its tests. */
export function jestCheck(project: "infra" | "images" | "apps" | `e2e-${Proof}`): Check {
  return {
    name: `tests: ${project}`,
    run: async () => {
      const report = join(REPORTS, `jest-${project}.json`);
      rmSync(report, { force: true });
      // Tests against shared services, and the steps of the end-to-end test, run one after the other.
      const serial = project === "infra" ? [] : ["--runInBand"];
      const args = [
        "jest",
        "--ci",
        "--selectProjects",
        project,
        ...serial,
        "--json",
        `--outputFile=${report}`,
      ];
      const exitCode = await command("npx", args);
      const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(
        readFileSync(report, "utf8"),
      ) as {
        numPassedTests: number;
        numFailedTests: number;
        numFailedTestSuites: number;
      };
      // A suite that cannot even be loaded has no failed test; a runner that breaks has neither.
      const failed = Math.max(numFailedTests, numFailedTestSuites, exitCode === 0 ? 0 : 1);
      return { passed: numPassedTests, failed };
    },
  };
}

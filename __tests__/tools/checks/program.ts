import { runChecks } from "../../../tools/checks/runner/run";
import { type Check } from "../../../tools/checks/check";

/**
 * Runs the checks that its argument describes, as `make test` runs its own: for each a script of Node.js, which calls
 * `result` in the end.
 */
export type Described = Omit<Check, "run"> & { readonly script: string };

const RESULT = `const result = (passed, failed, failures) =>
  require("fs").writeFileSync(process.env.CHECK_RESULT_FILE, JSON.stringify({ passed, failed, failures, cpuSeconds: 0 }));`;

const described = JSON.parse(process.argv[2]!) as Described[];
const checks = described.map((each) => ({ ...each, run: () => Promise.reject(new Error("not here")) }));
const scriptOf = (name: string) => described.find((each) => each.name === name)!.script;

void runChecks(checks, (name) => [process.execPath, "--eval", `${RESULT} ${scriptOf(name)}`]).then(
  (exitCode) => (process.exitCode = exitCode),
);

import { Command, Option } from "commander";
import { TARGETS } from "../../infra/platforms/common";
import { type Check } from "./check";
import { ciChecks } from "./ci";
import { e2eChecks } from "./e2e";
import { type Proof } from "./proof";
import { quickChecks } from "./quick";
import { runHere } from "./runner/child";
import { runChecks } from "./runner/run";
import { testChecks } from "./test";

interface Options {
  readonly only?: string;
  readonly target?: Proof;
}

const THIS_PROGRAM = [process.execPath, ...process.execArgv, __filename] as const;

const program = new Command("checks").description("run the checks of the project");

/** Declares a command that runs a set of checks, or one of them in this process. */
function suite(name: string, description: string, checksFor: (options: Options) => Check[]): Command {
  return program
    .command(name)
    .description(description)
    .option("--only <name>", "run one check, without those that it needs")
    .action(async (options: Options) => {
      const checks = checksFor(options);
      const target = options.target === undefined ? [] : ["--target", options.target];
      process.exitCode =
        options.only === undefined
          ? await runChecks(checks, (only) => [...THIS_PROGRAM, name, ...target, "--only", only])
          : await runOnly(checks, options.only);
    });
}

async function runOnly(checks: readonly Check[], name: string): Promise<number> {
  const check = checks.find((each) => each.name === name);
  if (check === undefined) {
    const names = checks.map((each) => `"${each.name}"`).join(", ");
    throw new Error(`unknown check: got "${name}"; expected one of ${names}`);
  }
  return (await runHere(check)).failed === 0 ? 0 : 1;
}

suite("check", "check format, types, lint, and the tests affected by changes", quickChecks);
suite("test", "run every check except the full deploy", testChecks);
suite("e2e", "deploy the pipeline and run the end-to-end tests", ({ target }) =>
  e2eChecks(target!),
).addOption(
  new Option("--target <target>", "where the pipeline is deployed")
    .choices([...TARGETS, "chart", "registry"])
    .default("docker"),
);
suite("ci", "run what gates a change: test, then e2e on each target", ciChecks);

program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});

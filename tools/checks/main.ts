import { Command } from "commander";
import { e2eChecks } from "./e2e";
import { runChecks } from "./runner";
import { testChecks } from "./test";

const program = new Command("checks").description("What proves the project");
const run = (checks: typeof testChecks) => async () => {
  if (!(await runChecks(checks()))) process.exitCode = 1;
};
program.command("test").description("every check but the full deploy").action(run(testChecks));
program.command("e2e").description("the deployed proof").action(run(e2eChecks));

program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});

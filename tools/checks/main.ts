import { Command, Option } from "commander";
import { TARGETS } from "../../infra/platforms/common";
import { e2eChecks, type Proof } from "./e2e";
import { Check, runChecks } from "./runner";
import { testChecks } from "./test";

const program = new Command("checks").description("What proves the project");
const run = async (checks: readonly Check[]) => {
  if (!(await runChecks(checks))) process.exitCode = 1;
};
program
  .command("test")
  .description("every check but the full deploy")
  .action(() => run(testChecks()));
program
  .command("e2e")
  .description("the deployed proof")
  .addOption(
    new Option("--target <target>", "where").choices([...TARGETS, "chart", "registry"]).default("docker"),
  )
  .action(({ target }: { target: Proof }) => run(e2eChecks(target)));

program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});

import { Command } from "commander";
import { withProgress } from "../cli/console";
import { start, stop } from "./services";

const program = new Command("test-services").description("Servers that the tests of the apps run against");
program
  .command("start")
  .description("start the servers")
  .action(() => withProgress(start));
program
  .command("stop")
  .description("remove the servers with their data")
  .action(() => withProgress(stop));

program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});

import { Command } from "commander";
import { Progress } from "../cli/console";
import { start, stop } from "./services";

/** Runs an action and shows its progress. */
async function withProgress(action: (progress: Progress) => Promise<void>): Promise<void> {
  const progress = new Progress();
  try {
    await action(progress);
  } finally {
    progress.stop();
  }
}

const program = new Command("test-services").description(
  "The real servers that the tests of the apps run against",
);
program
  .command("start")
  .description("start them")
  .action(() => withProgress(start));
program
  .command("stop")
  .description("remove them with their data")
  .action(() => withProgress(stop));

program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});

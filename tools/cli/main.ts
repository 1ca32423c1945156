import { Command } from "commander";
import { SettingsError } from "../../infra/settings";
import { destroy } from "./commands/destroy";
import { doctor } from "./commands/doctor";
import { down } from "./commands/down";
import { logs } from "./commands/logs";
import { settingsList } from "./commands/settings";
import { status } from "./commands/status";
import { up } from "./commands/up";
import { pc } from "./console";
import { InterruptedError } from "./interruption";
import { UserError } from "./project";

const program = new Command("pipeline").description("The real-time data pipeline on local Docker");

program
  .command("doctor")
  .description("what a deploy needs of this machine, and what is missing")
  .action(doctor);
program.command("up").description("deploy, and wait for users in Cassandra").action(up);
program
  .command("settings")
  .description("every setting, its value and where that is from")
  .action(settingsList);
program.command("status").description("containers, and users at each stage").action(status);
program
  .command("logs")
  .description("logs of one container, or the last lines of all")
  .argument("[name]")
  .action(logs);
program.command("down").description("remove the containers, keep the data").action(down);
program.command("destroy").description("remove everything but the images").action(destroy);

program.parseAsync().catch((error: unknown) => {
  const expected = error instanceof UserError || error instanceof SettingsError;
  console.error(
    `\n${pc.red("✘")} ${expected ? error.message : String(error instanceof Error ? error.stack : error)}`,
  );
  process.exitCode = error instanceof InterruptedError ? 130 : 1;
});

import { Command, Option } from "commander";
import { TARGETS, type Target as TargetName } from "../../infra/platforms/common";
import { SettingsError } from "../../infra/settings";
import { destroy } from "./commands/destroy";
import { dlq } from "./commands/dlq";
import { doctor } from "./commands/doctor";
import { down } from "./commands/down";
import { logs } from "./commands/logs";
import { replay } from "./commands/replay";
import { settingsList } from "./commands/settings";
import { status } from "./commands/status";
import { up } from "./commands/up";
import { verify } from "./commands/verify";
import { pc } from "./console";
import { InterruptedError } from "./interruption";
import { UserError } from "./errors";
import { retiredSettings } from "./project";
import { type Choice } from "./set-aside/choice";
import { Target, targetOf } from "./targets";

const program = new Command("pipeline")
  .description("The real-time data pipeline on Docker or Kubernetes")
  .hook("preAction", () => {
    for (const notice of retiredSettings()) console.error(notice);
  });

/** A command that does something at a target. */
function targetCommand(name: string, description: string, action: (target: Target) => Promise<void>): void {
  program
    .command(name)
    .description(description)
    .addOption(targetOption())
    .action(({ target }: { target: TargetName }) => action(targetOf(target)));
}

function targetOption(): Option {
  return new Option("--target <target>", "where").choices(TARGETS).default("docker");
}

targetCommand("doctor", "what a deploy needs of this machine, and what is missing", doctor);
targetCommand("up", "deploy, and wait for users in Cassandra", up);
program
  .command("settings")
  .description("every setting, its value and where that is from")
  .action(settingsList);
targetCommand("status", "what runs, and users at each stage", status);
targetCommand("verify", "is every staged user in Cassandra; who is missing is published again", verify);
program
  .command("logs")
  .description("logs of one container or pod, or the last lines of all")
  .argument("[name]")
  .addOption(targetOption())
  .action((name: string | undefined, { target }: { target: TargetName }) => logs(targetOf(target), name));
targetCommand("dlq", "records that were set aside, and why", dlq);
program
  .command("replay")
  .description("send dead letters again through the stage that failed")
  .option("--reason <text>", "those whose reason contains the text")
  .option("--offsets <range>", "those at these offsets of users_dlq: 7, or 10-20")
  .option("--all", "all of them")
  .addOption(targetOption())
  .action(({ target, ...choice }: { target: TargetName } & Choice) => replay(targetOf(target), choice));
targetCommand("down", "remove what runs, keep the data", down);
targetCommand("destroy", "remove everything but the images", destroy);

program.parseAsync().catch((error: unknown) => {
  const expected = error instanceof UserError || error instanceof SettingsError;
  console.error(
    `\n${pc.red("✘")} ${expected ? error.message : String(error instanceof Error ? error.stack : error)}`,
  );
  process.exitCode = error instanceof InterruptedError ? 130 : 1;
});

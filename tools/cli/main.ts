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
  .description("Deploy and operate the real-time data pipeline on Docker or Kubernetes")
  .hook("preAction", () => {
    for (const notice of retiredSettings()) console.error(notice);
  });

/** Declares a command that acts on a target. */
function targetCommand(name: string, description: string, action: (target: Target) => Promise<void>): void {
  program
    .command(name)
    .description(description)
    .addOption(targetOption())
    .action(({ target }: { target: TargetName }) => action(targetOf(target)));
}

function targetOption(): Option {
  return new Option("--target <target>", "where the pipeline is deployed").choices(TARGETS).default("docker");
}

targetCommand("doctor", "check what a deploy needs on this machine and report what is missing", doctor);
targetCommand("up", "deploy everything and wait for the first users in Cassandra", up);
program
  .command("settings")
  .description("list every setting with its value and the origin of the value")
  .action(settingsList);
targetCommand("status", "show what runs, addresses, logins, and users at each stage", status);
targetCommand("verify", "check that every staged user is in Cassandra and republish missing ones", verify);
program
  .command("logs")
  .description("follow the log of one container or pod, or show the last lines of all")
  .argument("[name]", "name of the container or pod")
  .addOption(targetOption())
  .action((name: string | undefined, { target }: { target: TargetName }) => logs(targetOf(target), name));
targetCommand("dlq", "list dead letters and rejected rows with their reasons", dlq);
program
  .command("replay")
  .description("replay dead letters and rejected rows through the stage that failed")
  .option("--reason <text>", "records whose reason contains the text")
  .option("--offsets <range>", "dead letters at these offsets of users_dlq: 7, or 10-20")
  .option("--all", "all records")
  .addOption(targetOption())
  .action(({ target, ...choice }: { target: TargetName } & Choice) => replay(targetOf(target), choice));
targetCommand("down", "remove the containers or pods and keep the data", down);
targetCommand("destroy", "remove everything except the images", destroy);

program.parseAsync().catch((error: unknown) => {
  const expected = error instanceof UserError || error instanceof SettingsError;
  console.error(
    `\n${pc.red("✘")} ${expected ? error.message : String(error instanceof Error ? error.stack : error)}`,
  );
  process.exitCode = error instanceof InterruptedError ? 130 : 1;
});

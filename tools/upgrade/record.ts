import { readFileSync, writeFileSync } from "node:fs";
import { Command, Option } from "commander";
import { readState, type Target, TARGETS } from "../../infra/platforms/common";
import { UserError } from "../cli/errors";
import { ROOT } from "../cli/project";
import { targetOf } from "../cli/targets";
import { scrubbed, type State, suspectsIn } from "./scrub";
import { recordedState } from "./states";

/**
 * Records the state of the release that this checkout has deployed, without secrets, for the upgrade plans of later versions:
 * `npm run record-state -- --target docker`.
 */
function record(target: Target): void {
  const state = readState<State>(targetOf(target).stack().stack);
  if (state === undefined)
    throw new UserError(`nothing is deployed from here; run: make up TARGET=${target}`);
  const text = `${JSON.stringify(scrubbed(state), null, 2)}\n`;
  const suspects = suspectsIn(text);
  if (suspects.length > 0) throw new Error(`this may be a secret, nothing is recorded: ${suspects[0]}`);
  const { version } = JSON.parse(readFileSync(`${ROOT}/package.json`, "utf8")) as { version: string };
  writeFileSync(recordedState(target, version).file, text);
}

new Command("record")
  .description("records the state of a deployed release, without secrets")
  .addOption(new Option("--target <target>", "where it is deployed").choices(TARGETS).makeOptionMandatory())
  .action(({ target }: { target: Target }) => record(target))
  .parse();

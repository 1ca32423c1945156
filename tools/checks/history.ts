import { ROOT } from "../cli/project";
import { lastRelease, requireHistory } from "../upgrade/last-release";
import { type Check, step } from "./check";

/** A check that the last release, where the upgrade test begins, is in this clone's history. */
export function historyCheck(): Check {
  // eslint-disable-next-line @typescript-eslint/require-await -- a step's failure is a rejection
  return step("history of the last release", async () => requireHistory(ROOT, lastRelease()));
}

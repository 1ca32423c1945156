import { TARGETS } from "../../infra/platforms/common";
import { type Check } from "./check";
import { e2eChecks } from "./e2e";
import { historyCheck } from "./history";
import { testChecks } from "./test";

/**
 * What decides whether a change lands. The deployed proofs measure how fast the pipeline recovers: nothing runs beside them.
 */
export function ciChecks(): Check[] {
  // A clone without the history that an hour's last proof needs is known in the first second.
  return TARGETS.map(e2eChecks).reduce(append, [historyCheck(), ...testChecks()]);
}

/** Appends checks that start when all of those before have ended. What both lists have, in name, is run once. */
function append(earlier: readonly Check[], later: readonly Check[]): Check[] {
  const names = earlier.map(({ name }) => name);
  const added = later.filter(({ name }) => !names.includes(name));
  return [...earlier, ...added.map((check) => ({ ...check, after: [...names, ...(check.after ?? [])] }))];
}

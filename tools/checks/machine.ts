import { type Target } from "../../infra/platforms/common";
import { prepareMachine } from "../cli/prepare";
import { type Check, step } from "./check";

/** Name of the check that prepares the machine for a target. */
export const machineName = (target: Target): string => `machine prepared: ${target}`;

/** A check that prepares the machine for a target. */
export function machineCheck(
  target: Target,
  order: Partial<Check> = {},
  options: readonly string[] = [],
): Check {
  return step(machineName(target), () => prepareMachine(target, options), order);
}

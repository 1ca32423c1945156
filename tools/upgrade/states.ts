import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type Target } from "../../infra/platforms/common";
import { ROOT } from "../cli/project";

/** The recorded states of releases: what a deploy of each has left in Terraform's state, without secrets. */
const FOLDER = join(ROOT, "__tests__/upgrade/states");

/** A recorded state. */
interface RecordedState {
  /** The release that was deployed. */
  readonly version: string;
  readonly file: string;
}

/** Where the state of a release at a target is recorded. */
export function recordedState(target: Target, version: string): RecordedState {
  return { version, file: join(FOLDER, `${target}-${version}.json`) };
}

/** Every recorded state of a target. */
export function recordedStates(target: Target): RecordedState[] {
  return readdirSync(FOLDER)
    .flatMap((name) => (name.startsWith(`${target}-`) ? name.slice(target.length + 1, -".json".length) : []))
    .map((version) => recordedState(target, version));
}

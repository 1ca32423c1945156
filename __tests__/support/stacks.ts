import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, renameSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ImageSource } from "../../infra/images/source";
import { type Target, TARGETS } from "../../infra/platforms/common/target";

export { type Target, TARGETS };
export const IMAGE_SOURCES = ["build", "pull"] as const satisfies readonly ImageSource[];

/** A block of Terraform's configuration: a resource, an output, a provider. */
export type Block = Readonly<Record<string, unknown>>;

/** The stack of a target as `cdktf deploy` hands it to Terraform. */
export interface SynthesizedStack {
  readonly configuration: {
    readonly resource: Readonly<Record<string, Readonly<Record<string, Block>>>>;
  } & Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** The component that a resource belongs to, by the resource's address. */
  readonly components: Readonly<Record<string, string>>;
}

export const ROOT = join(__dirname, "../..");

/** The variable with a folder of synthesized stacks to read instead of synthesizing them, see tools/facts. */
const GIVEN = "SYNTHESIZED_STACKS";

/** The file of a synthesized stack in a folder of them. */
export function stackFile(folder: string, target: Target, imageSource: ImageSource): string {
  return join(folder, `${target}-${imageSource}.json`);
}

const read = new Map<string, SynthesizedStack>();

/** The stack of a target with default settings. It is synthesized once in a run of the tests. */
export function stackOf(target: Target, imageSource: ImageSource = "build"): SynthesizedStack {
  const file = stackFile(process.env[GIVEN] ?? synthesizedStacks(), target, imageSource);
  const stack = read.get(file) ?? (JSON.parse(readFileSync(file, "utf8")) as SynthesizedStack);
  read.set(file, stack);
  return stack;
}

/** The folder of this run's stacks. Workers that ask at the same time all synthesize, with the same result. */
function synthesizedStacks(): string {
  const folder = join(tmpdir(), "stacks");
  if (!existsSync(folder)) {
    const fresh = mkdtempSync(`${folder}-`);
    const program = join(__dirname, "synthesize.ts");
    execFileSync(process.execPath, ["--import", "tsx", program, fresh], { cwd: ROOT });
    if (!existsSync(folder)) renameSync(fresh, folder);
  }
  return folder;
}

import { mkdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { App } from "cdktf";
import { ImageSource } from "../../infra/images/source";
import { type Target } from "../../infra/platforms/common";
import { resolveSettings } from "../../infra/settings";
import { stacks } from "../../infra/stacks";
import { ROOT } from "../cli/project";
import { Configuration } from "./configuration";
import { linesOf } from "./lines";

const IMAGE_SOURCES: readonly ImageSource[] = ["build", "pull"];

const CONSEQUENCE =
  "A deploy replaces or orphans, in every deployed pipeline, what a removed or renamed line (-) names. " +
  "Keep the name, or write the migration into the changelog.";

/** The file that has the committed contract of a target's stack. */
export function contractFile(target: Target): string {
  return join(ROOT, "infra/contract", `${target}.txt`);
}

/** The contract of a target's stack, as its file has it: every address and name that a deploy with default settings makes. */
export function contract(target: Target): string {
  const variants = new Map(
    IMAGE_SOURCES.map((imageSource) => [imageSource, new Set(linesOf(synthesize(target, imageSource)))]),
  );
  const all = new Set([...variants.values()].flatMap((lines) => [...lines]));
  const lines = [...all].sort().map((line) => {
    const sources = IMAGE_SOURCES.filter((imageSource) => variants.get(imageSource)!.has(line));
    return sources.length === IMAGE_SOURCES.length ? line : `${line} (images: ${sources.join()})`;
  });
  return [
    "# Made by make contract: the addresses and names of what a deploy with default settings makes.",
    "# A line that ends with (images: …) holds for that choice of the setting only.",
    ...lines,
    "",
  ].join("\n");
}

/**
 * What a changed contract means for deployed pipelines.
 * @param committed the text of the target's file
 * @param actual the text that the definition gives
 * @returns undefined when both are the same
 */
export function contractChange(target: Target, committed: string, actual: string): string | undefined {
  if (committed === actual) return undefined;
  const before = committed.split("\n");
  const after = actual.split("\n");
  const removed = before.filter((line) => !after.includes(line));
  const added = after.filter((line) => !before.includes(line));
  return [
    `The addresses and names of the stack ${target} are not those of ${relative(ROOT, contractFile(target))}:`,
    ...removed.map((line) => `  - ${line}`),
    ...added.map((line) => `  + ${line}`),
    ...(removed.length > 0 ? [CONSEQUENCE] : []),
    "If the change is meant, run: make contract",
  ].join("\n");
}

/** The committed contract of a target's stack. */
export function committedContract(target: Target): string {
  return readFileSync(contractFile(target), "utf8");
}

function synthesize(target: Target, imageSource: ImageSource): Configuration {
  const outdir = join(ROOT, ".build/contract");
  mkdirSync(outdir, { recursive: true });
  const app = new App({ outdir, skipValidation: true });
  const stack = stacks[target](app, { settings: resolveSettings({}), imageSource });
  return stack.toTerraform() as Configuration;
}

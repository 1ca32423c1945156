import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import execa from "execa";
import { pc, table } from "../cli/console";
import { UserError } from "../cli/errors";
import { ROOT } from "../cli/project";
import { change } from "./change";
import { draw, Fact, factsOf, Path, Scalar, Value } from "./facts";
import { Failure, failuresWith, stackTests } from "./tests";

/** How many facts are changed, one at a time. */
const COUNT = 20;
const FOLDER = join(ROOT, ".build/facts");

/** The stacks by their files, as __tests__/support/stacks.ts reads them. */
type Stacks = ReadonlyMap<string, { readonly configuration: Value }>;

interface Verdict {
  readonly fact: Fact;
  /** The change in words. */
  readonly text: string;
  /** The tests whose message names the fact. */
  readonly naming: readonly Failure[];
  readonly failed: number;
}

/** Changes facts of the synthesized stacks, and reports whether a failed test names each change. */
async function main(seed: string): Promise<boolean> {
  rmSync(FOLDER, { recursive: true, force: true });
  const stacks = await synthesized(join(FOLDER, "unchanged"));
  const tests = await stackTests();
  const [broken] = await failuresWith(join(FOLDER, "unchanged"), tests);
  if (broken !== undefined) {
    throw new UserError(
      `a test fails without a changed fact: ${broken.test}; run: npx jest --selectProjects infra`,
    );
  }
  const facts = [...stacks].flatMap(([file, { configuration }]) => factsOf(file, configuration));
  const drawn = draw(facts, COUNT, Number.parseInt(seed.slice(0, 8), 16) | 0);
  console.log(`${drawn.length} of ${facts.length} facts, drawn with the seed ${seed}\n`);
  const verdicts = await inParallel(drawn, async (fact, i): Promise<Verdict> => {
    const folder = join(FOLDER, String(i));
    const text = writeChanged(folder, stacks, fact);
    const failures = await failuresWith(folder, tests);
    const naming = failures.filter(({ message }) => names(message, fact.path));
    return { fact, text, naming, failed: failures.length };
  });
  console.log(table(verdicts.map(row)));
  const survived = verdicts.filter(({ naming }) => naming.length === 0).length;
  console.log(`\n${drawn.length - survived} of ${drawn.length} changes fail a test that names the fact`);
  return survived === 0;
}

async function synthesized(folder: string): Promise<Stacks> {
  mkdirSync(folder, { recursive: true });
  await execa("node", ["--import", "tsx", "__tests__/support/synthesize.ts", folder], { cwd: ROOT });
  const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
  return new Map(
    files.map((file) => [
      file,
      JSON.parse(readFileSync(join(folder, file), "utf8")) as { configuration: Value },
    ]),
  );
}

/** Writes the stacks with one changed fact into a folder, and returns the change in words. */
function writeChanged(folder: string, stacks: Stacks, fact: Fact): string {
  mkdirSync(folder, { recursive: true });
  const { configuration, before, after } = change(stacks.get(fact.stack)!.configuration, fact);
  for (const [file, stack] of stacks) {
    const written = file === fact.stack ? { ...stack, configuration } : stack;
    writeFileSync(join(folder, file), JSON.stringify(written));
  }
  return `${short(before)} → ${after === undefined ? "removed" : short(after)}`;
}

/** Whether a line of a difference has the address of the block and the name of the attribute. */
function names(message: string, path: Path): boolean {
  const { address, attribute } = named(path);
  return message
    .split("\n")
    .some((line) => /^\s*[-+] /.test(line) && line.includes(address) && line.includes(attribute));
}

/** The address of a fact's block, and the last key on the way to the fact that is no hash of content. */
function named(path: Path): { address: string; attribute: string } {
  const [address, keys] =
    path[0] === "resource"
      ? [path.slice(1, 3).join("."), path.slice(3)]
      : [path.slice(0, 2).join("."), path.slice(2)];
  const known = keys.filter((key): key is string => typeof key === "string" && !/[0-9a-f]{12}/.test(key));
  return { address, attribute: known.at(-1) ?? address };
}

function row({ fact, text, naming, failed }: Verdict): string[] {
  const stack = fact.stack.replace(".json", "");
  const { address } = named(fact.path);
  const path = fact.path.slice(fact.path[0] === "resource" ? 3 : 2).join(".");
  const tests =
    naming[0] === undefined ? `${failed} failed, none names it` : `${failed} failed: ${naming[0].test}`;
  const mark = naming.length === 0 ? pc.red("✘") : pc.green("✔");
  return [mark, fact.category, stack, `${address} ${path}`, text, tests];
}

function short(value: Scalar): string {
  const text = JSON.stringify(value);
  return text.length <= 40 ? text : `…${text.slice(-39)}`;
}

/** Works on items side by side, as many as there are processors. */
async function inParallel<T, R>(
  items: readonly T[],
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const left = items.entries();
  const worker = async () => {
    for (const [i, item] of left) results[i] = await work(item, i);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return results;
}

new Command("facts")
  .description("change facts of the synthesized stacks; each must fail a test that names the fact")
  .option("--seed <hash>", "hash of a commit, which decides the facts (default: HEAD)")
  .action(async ({ seed }: { seed?: string }) => {
    const hash = seed ?? (await execa("git", ["rev-parse", "HEAD"], { cwd: ROOT })).stdout;
    if (!/^[0-9a-f]{7,40}$/.test(hash)) {
      throw new UserError(`--seed: got "${hash}"; expected the hash of a commit, 7 to 40 hexadecimal digits`);
    }
    if (!(await main(hash))) process.exitCode = 1;
  })
  .parseAsync()
  .catch((error: unknown) => {
    console.error(error instanceof UserError ? error.message : error);
    process.exitCode = 1;
  });

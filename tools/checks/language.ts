import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import execa from "execa";
import { ROOT } from "../cli/project";
import { type Tally } from "./check";

/** Where the rejected phrases are listed. */
export const STYLE_GUIDE = join(ROOT, "docs/style.md");

/** Files that are checked, as git's pathspecs: the whole repository, with these exceptions. */
const CHECKED = [
  ".",
  // Files written by tools, see .gitattributes. Their texts come from checked files or from other projects.
  ":(exclude,attr:linguist-generated)",
  // The test of this check quotes rejected phrases.
  ":(exclude)__tests__/tools/language.test.ts",
];

/** A phrase that the style guide rejects. */
export interface Phrase {
  readonly phrase: string;
  /** The wording that the guide recommends. */
  readonly instead: string;
}

/** A rejected phrase in a text. */
export interface Finding extends Phrase {
  /** Its line, from 1. */
  readonly line: number;
}

/**
 * Reads the rejected phrases from the style guide's table.
 * @throws Error when the table is missing or empty, since the check would then pass on any text
 */
export function rejectedPhrases(guide: string): Phrase[] {
  const [, section = ""] = guide.split("\n## Rejected phrases\n");
  const rows = [...section.matchAll(/^\| `([^`]+)` \| (.+) \|$/gm)];
  if (rows.length === 0) throw new Error(`no table of rejected phrases in ${STYLE_GUIDE}`);
  return rows.map(([, phrase = "", instead = ""]) => ({ phrase, instead }));
}

/** Finds rejected phrases in a text, also where they are wrapped in a paragraph or a comment. */
export function findPhrases(text: string, phrases: readonly Phrase[]): Finding[] {
  return phrases.flatMap(({ phrase, instead }) =>
    [...text.matchAll(pattern(phrase))].map(({ index }) => ({
      phrase,
      instead,
      line: text.slice(0, index).split("\n").length,
    })),
  );
}

/** Blanks the code in Markdown, which quotes messages and names, and ends with its paragraph. Lines keep their numbers. */
export function withoutCode(markdown: string): string {
  return markdown.replace(/^```[\s\S]*?^```|`(?:[^`\n]|\n(?!\s*\n))+`/gm, (code) =>
    code.replace(/[^\n]/g, " "),
  );
}

/** Rejects the phrases of the style guide in all checked files. */
export async function languageCheck(): Promise<Tally> {
  const phrases = rejectedPhrases(readFileSync(STYLE_GUIDE, "utf8"));
  const list = ["ls-files", "--cached", "--others", "--exclude-standard", "--", ...CHECKED];
  const { stdout } = await execa("git", list, { cwd: ROOT });
  // A file that was removed and not committed is still listed.
  const files = stdout.split("\n").filter((file) => existsSync(join(ROOT, file)));
  let failed = 0;
  for (const file of files) {
    const text = readFileSync(join(ROOT, file), "utf8");
    const findings = findPhrases(file.endsWith(".md") ? withoutCode(text) : text, phrases);
    for (const { line, phrase, instead } of findings) {
      console.error(`${file}:${line}: "${phrase}" is rejected by docs/style.md; write: ${instead}`);
    }
    if (findings.length > 0) failed += 1;
  }
  return { passed: files.length - failed, failed };
}

/** Between the words of a phrase there may be a line break, and the mark of a comment. */
function pattern(phrase: string): RegExp {
  const words = phrase.split(" ").map((word) => word.replace(/[^\w\s]/g, "\\$&"));
  const boundary = (character: string | undefined) => (/\w/.test(character ?? "") ? "\\b" : "");
  return new RegExp(boundary(phrase[0]) + words.join("[\\s*/#]+") + boundary(phrase.at(-1)), "gi");
}

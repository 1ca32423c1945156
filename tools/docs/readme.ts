import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../cli/project";
import { settingsTable } from "./settings-table";

export const README = join(ROOT, "README.md");

/** The README as it stands. */
export function readme(): string {
  return readFileSync(README, "utf8");
}

/** A README with the table of settings, between its two marks, made anew. */
export function withSettings(text: string): string {
  const marks = /(<!-- settings -->\n\n)[\s\S]*?(\n\n<!-- \/settings -->)/;
  if (!marks.test(text))
    throw new Error("the README has lost the marks <!-- settings --> … <!-- /settings -->");
  return text.replace(marks, (_, begin: string, end: string) => begin + settingsTable() + end);
}

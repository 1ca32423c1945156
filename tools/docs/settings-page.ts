import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../cli/project";
import { settingsTable } from "./settings-table";

export const SETTINGS_PAGE = join(ROOT, "docs/settings.md");

/** Reads the page of settings. */
export function settingsPage(): string {
  return readFileSync(SETTINGS_PAGE, "utf8");
}

/**
 * Replaces the table of settings between the two marks of a page.
 * @throws Error if the page has no marks
 */
export function withSettings(text: string): string {
  const marks = /(<!-- settings -->\n\n)[\s\S]*?(\n\n<!-- \/settings -->)/;
  if (!marks.test(text))
    throw new Error(
      `cannot write the table of settings: missing marks in ${SETTINGS_PAGE}; expected <!-- settings --> … <!-- /settings -->`,
    );
  return text.replace(marks, (_, begin: string, end: string) => begin + settingsTable() + end);
}

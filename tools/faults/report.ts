import { pc, table } from "../cli/console";
import type { Result } from "./experiment";

/** Whether nothing was lost or doubled, and exactly the expected records were set aside, regardless of the duration. */
export function isHarmless({ setAside, missing, doubled, expectedAside }: Result): boolean {
  return missing === 0 && doubled === 0 && setAside === expectedAside;
}

/** Formats one line per fault, and the number of passed faults. */
export function report(results: readonly Result[]): string {
  const rows = results.map((result) => {
    const { title, sent, missing, doubled, setAside, seconds, goal } = result;
    return [
      isHarmless(result) ? pc.green("✔") : pc.red("✘"),
      title,
      ...[sent, missing, doubled, setAside].map((number) => number.toLocaleString("en").padStart(7)),
      seconds.toFixed(0).padStart(7),
      String(goal).padStart(7),
      seconds > goal ? pc.yellow("late") : "",
    ];
  });
  const titles = ["sent", "missing", "doubled", "aside", "seconds", "goal"];
  const lines = table([["", "fault", ...titles.map((title) => title.padStart(7)), ""], ...rows]);
  const passed = results.filter(isHarmless).length;
  return `${lines}\n\n${passed} passed, ${results.length - passed} failed`;
}

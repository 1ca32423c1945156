import { definitions } from "../../infra/settings";

/** The table of settings, in Markdown. */
export function settingsTable(): string {
  const code = (value: string | number) => (value === "" ? "" : `\`${value}\``);
  const rows = definitions.map(({ name, variable, description, allowed, type }) => [
    code(name),
    code(type.parse(undefined)),
    description,
    allowed,
    code(variable),
  ]);
  return [
    ["setting", "default", "description", "expected values", "variable"],
    Array<string>(5).fill("---"),
    ...rows,
  ]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

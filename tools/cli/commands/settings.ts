import { pc, table } from "../console";
import { eachSetting } from "../project";

/** Lists every setting: its value, the origin of the value, and the environment variable that overrides it. */
export function settingsList(): void {
  const rows = eachSetting().map(({ definition, value, origin }) => [
    definition.name,
    value === "" ? "-" : String(value),
    origin,
    definition.variable,
    definition.description,
  ]);
  const [heading = "", ...lines] = table([
    ["Setting", "Value", "Origin", "Variable", "Description"],
    ...rows,
  ]).split("\n");
  console.log([pc.bold(heading), ...lines].join("\n"));
}

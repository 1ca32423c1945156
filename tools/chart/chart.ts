import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Pipeline } from "../../infra/pipeline";
import { PROJECT } from "../../infra/platforms/common";
import { ROOT } from "../cli/project";
import { partsOf } from "./definition";
import { templates } from "./templates";
import { valuesOf } from "./values";
import { valuesSchema } from "./values-schema";
import { valuesYaml } from "./values-yaml";

/** Where the chart is. */
export const CHART_FOLDER = join(ROOT, "charts", PROJECT);

/** Files of the chart, by their paths in it. */
export type ChartFiles = ReadonlyMap<string, string>;

/** The files that follow from the definition. */
export function generatedFiles(definition: Pipeline): ChartFiles {
  const values = valuesOf(partsOf(definition));
  return new Map([
    ["values.yaml", valuesYaml(values)],
    ["values.schema.json", valuesSchema(values)],
    ...[...templates(definition)].map(([name, text]): [string, string] => [`templates/${name}`, text]),
  ]);
}

/** The same files as they are in the folder, with those that a definition before has left. */
export function presentFiles(): ChartFiles {
  const names = readdirSync(join(CHART_FOLDER, "templates"))
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => `templates/${name}`);
  return new Map(
    ["values.yaml", "values.schema.json", ...names].map((path) => [
      path,
      readFileSync(join(CHART_FOLDER, path), "utf8"),
    ]),
  );
}

import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CHART_FOLDER, generatedFiles } from "./chart";
import { chartDefinition } from "./definition";

/** Regenerates the generated files of the chart; hand-written files stay. */
const templates = join(CHART_FOLDER, "templates");
for (const name of readdirSync(templates)) {
  if (name.endsWith(".yaml")) rmSync(join(templates, name));
}
for (const [path, text] of generatedFiles(chartDefinition())) writeFileSync(join(CHART_FOLDER, path), text);

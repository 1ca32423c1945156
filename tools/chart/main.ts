import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CHART_FOLDER, generatedFiles } from "./chart";
import { chartDefinition } from "./definition";

/** Brings the generated files of the chart up to date; what is written by hand there stays. */
const templates = join(CHART_FOLDER, "templates");
for (const name of readdirSync(templates)) {
  if (name.endsWith(".yaml")) rmSync(join(templates, name));
}
for (const [path, text] of generatedFiles(chartDefinition())) writeFileSync(join(CHART_FOLDER, path), text);

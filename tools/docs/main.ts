import { writeFileSync } from "node:fs";
import { readme, README, withSettings } from "./readme";

/** Brings the generated parts of the README up to date. */
writeFileSync(README, withSettings(readme()));

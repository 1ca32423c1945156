import { writeFileSync } from "node:fs";
import { CLUSTER, defaultCluster } from "./cluster";
import { SETTINGS_PAGE, settingsPage, withSettings } from "./settings-page";

/** Regenerates what derives from the settings: their table, and the configuration of the default cluster. */
writeFileSync(SETTINGS_PAGE, withSettings(settingsPage()));
writeFileSync(CLUSTER, defaultCluster());

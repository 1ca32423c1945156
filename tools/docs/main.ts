import { writeFileSync } from "node:fs";
import { CLUSTER, defaultCluster } from "./cluster";
import { readme, README, withSettings } from "./readme";

/** Brings the generated parts of the README, and the default cluster's configuration, up to date. */
writeFileSync(README, withSettings(readme()));
writeFileSync(CLUSTER, defaultCluster());

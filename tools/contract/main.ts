import { writeFileSync } from "node:fs";
import { TARGETS } from "../../infra/platforms/common";
import { contract, contractFile } from "./contract";

/** Brings the committed contracts up to date. */
for (const target of TARGETS) writeFileSync(contractFile(target), contract(target));

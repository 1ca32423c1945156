import { rmSync } from "node:fs";
import "./scratch-setup"; // declares the variable

/** Removes what a run of the tests left in its temporary folder. */
export default function teardown(): void {
  rmSync(globalThis.scratch, { recursive: true, force: true });
}

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

declare global {
  /** The temporary folder of this run of the tests. */
  var scratch: string;
}

/**
 * Gives a run of the tests a temporary folder of its own, which `scratch-teardown.ts` removes: tests, and libraries under
 * them (`Testing` of cdktf), make some hundred folders there and leave them. Jest's workers start after this and take the
 * variable over.
 */
export default function setup(): void {
  globalThis.scratch = mkdtempSync(join(tmpdir(), "tests-"));
  process.env.TMPDIR = globalThis.scratch;
}

import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Reads a file that belongs to this app: in the repository beside this one, in an image beside the bundle
 * (the directories sql/ and cql/ next to index.js).
 *
 * @param path relative, such as "sql/staging.sql"
 */
export function readAsset(path: string): string {
  return readFileSync(join(__dirname, path), "utf8");
}

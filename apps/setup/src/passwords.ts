import { readFileSync } from "node:fs";
import { messageOf, SetupError } from "./errors";

/**
 * Reads a password from a file, without the newline at its end.
 *
 * @throws SetupError when it cannot be read, is empty, or is not printable ASCII (databases and drivers
 *   normalise other characters differently, which ends in "wrong password")
 */
export function readPassword(path: string): string {
  let password: string;
  try {
    password = readFileSync(path, "utf8").replace(/[\r\n]+$/, "");
  } catch (error) {
    throw new SetupError(`cannot read the password file ${path}: ${messageOf(error)}`);
  }
  if (!/^[\x20-\x7e]+$/.test(password)) {
    throw new SetupError(
      `the password in ${path} must be one line of printable ASCII characters, and not empty`,
    );
  }
  return password;
}

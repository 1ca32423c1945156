import execa, { type ExecaError } from "execa";
import { UserError } from "../cli/errors";

/**
 * Runs a package manager, quietly.
 * @param what what it installs, for the message
 * @throws UserError with the last error that the package manager reports
 */
export async function install(
  what: string,
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<void> {
  try {
    await execa(program, args, { all: true, env });
  } catch (error) {
    const { all = "", shortMessage } = error as ExecaError;
    const reported = all.split("\n").filter((line) => /^(ERROR|E|Error)\b/.test(line));
    throw new UserError(
      `cannot install ${what}: ${reported.at(-1) ?? shortMessage}; check that the package index is reachable`,
    );
  }
}

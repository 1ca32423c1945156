import { env } from "@pipeline/common/config";
import type { Report } from "./report";

/** A one-shot job. */
export interface Command {
  /** One line for `--help`. */
  summary: string;
  /**
   * Brings a server to what the declaration file says.
   *
   * @throws ConfigError or SetupError with a message for the person who deploys
   */
  run(environment: NodeJS.ProcessEnv, report: Report): Promise<void>;
}

/** The variable every command reads: the path of its declaration file. */
export const setupFile = { SETUP_FILE: env.text().default("/etc/pipeline/setup.json") };

import { ConfigError } from "@pipeline/common/config";
import type { Command } from "./command";
import { keyspace } from "./commands/keyspace";
import { schemas } from "./commands/schemas";
import { staging } from "./commands/staging";
import { topics } from "./commands/topics";
import { messageOf } from "./errors";
import { reportTo } from "./report";

const COMMANDS: Record<string, Command> = { topics, schemas, staging, keyspace };

const HELP = `Usage: setup COMMAND

Brings a server to what the JSON file SETUP_FILE declares (default /etc/pipeline/setup.json), waiting up to two
minutes for the server. Can be run again at any time. Exits with 0, or with 1 and the reason.

Commands:
${Object.entries(COMMANDS)
  .map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`)
  .join("\n")}
`;

async function main([name = "", ...rest]: string[]): Promise<number> {
  if (["--help", "-h", "help"].includes(name)) {
    process.stdout.write(HELP);
    return 0;
  }
  const command = COMMANDS[name];
  if (command === undefined || rest.length > 0) {
    process.stderr.write(`setup: the one argument must be one of ${Object.keys(COMMANDS).join(", ")}\n`);
    return 1;
  }
  try {
    await command.run(
      process.env,
      reportTo((line) => process.stdout.write(`${line}\n`)),
    );
    return 0;
  } catch (error) {
    process.stderr.write(
      `setup ${name}: ${error instanceof ConfigError ? error.message : messageOf(error)}\n`,
    );
    return 1;
  }
}

// Not by process.exitCode: a Cassandra client whose connect failed keeps the process alive.
void main(process.argv.slice(2)).then((code) => process.exit(code));

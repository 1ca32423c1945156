import { readFileSync } from "node:fs";
import { resolve } from "node:path";

/** Where the test services listen on this machine, and the passwords of their users. */
export interface TestServices {
  kafka: { bootstrapServers: string };
  schemaRegistry: { url: string };
  postgres: {
    host: string;
    port: number;
    db: string;
    users: Record<"postgres" | "producer" | "dags" | "reader", string>;
  };
  cassandra: {
    host: string;
    port: number;
    datacenter: string;
    keyspace: string;
    users: Record<"admin" | "sink" | "reader", string>;
  };
  containers: Record<"broker" | "postgres" | "cassandra" | "schemaRegistry", string>;
  /** The label of containers that tests start besides; those left over are removed with the test services. */
  label: string;
}

const FILE = resolve(__dirname, "../../../.cache/test-services.json");

/**
 * The real services app tests run against.
 *
 * @throws when they are not running, saying how to start them
 */
export function testServices(): TestServices {
  try {
    return JSON.parse(readFileSync(FILE, "utf8")) as TestServices;
  } catch (cause) {
    throw new Error(`No test services: ${FILE} cannot be read. Run \`make test\`, which starts them.`, {
      cause,
    });
  }
}

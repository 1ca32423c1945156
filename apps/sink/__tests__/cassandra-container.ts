import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { freePort, until } from "@pipeline/common/testing/app-process";
import { type TestServices, testServices } from "@pipeline/common/testing/services";
import execa from "execa";

const CQL = readFileSync(resolve(__dirname, "../../setup/cql/spark_streams.cql"), "utf8");

/** Cassandra remembers for 2 s what a role may do; without, a GRANT or REVOKE is in force when it has returned. */
const NO_PERMISSION_CACHE = { permissions_validity: "0ms" };

/** A Cassandra of a test's own, of the same image and settings as the test services', to be stopped and spoiled. */
export class CassandraContainer {
  private constructor(
    private readonly name: string,
    /** How to reach it, in the form of the test services. */
    readonly server: TestServices["cassandra"],
  ) {}

  /** @param settings more settings of cassandra.yaml */
  static async start(name: string, settings: Record<string, string> = {}): Promise<CassandraContainer> {
    const services = testServices();
    const { stdout } = await execa("docker", ["inspect", services.containers.cassandra]);
    const [{ Config: config }] = JSON.parse(stdout) as [{ Config: { Image: string; Env: string[] } }];
    const more = Object.entries({ ...NO_PERMISSION_CACHE, ...settings }).map(
      ([key, value]) => ` -Dcassandra.settings.${key}=${value}`,
    );
    const env = config.Env.map((line) => (line.startsWith("JVM_EXTRA_OPTS=") ? line + more.join("") : line));
    const port = await freePort();
    await execa("docker", [
      ...[
        "run",
        "--detach",
        "--name",
        name,
        "--label",
        services.label,
        "--publish",
        `127.0.0.1:${port}:9042`,
      ],
      ...env.flatMap((line) => ["--env", line]),
      config.Image,
    ]);
    const container = new CassandraContainer(name, {
      ...services.cassandra,
      port,
      users: { admin: "cassandra", sink: "sink", reader: "reader" },
    });
    await container.takesStatements();
    await container.cql(`
      ${CQL}
      CREATE ROLE sink WITH PASSWORD = 'sink' AND LOGIN = true;
      CREATE ROLE reader WITH PASSWORD = 'reader' AND LOGIN = true;
      GRANT SELECT ON KEYSPACE spark_streams TO sink;
      GRANT MODIFY ON KEYSPACE spark_streams TO sink;
      GRANT SELECT ON KEYSPACE spark_streams TO reader`);
    return container;
  }

  /** Waits until it takes statements. */
  async takesStatements(): Promise<void> {
    const answers = () =>
      this.cql("LIST ROLES").then(
        () => true,
        () => false,
      );
    await until("Cassandra takes statements", answers);
  }

  /** Runs statements, separated by semicolons, as superuser. */
  async cql(statements: string): Promise<void> {
    const patience = ["--connect-timeout", "60", "--request-timeout", "120"];
    const login = ["-u", "cassandra", "-p", "cassandra"];
    await execa("docker", ["exec", "-i", this.name, "cqlsh", ...patience, ...login], {
      input: `${statements};`,
    });
  }

  /** `docker stop`, `kill`, `start`, `pause` or `unpause`. */
  async docker(command: "stop" | "kill" | "start" | "pause" | "unpause"): Promise<void> {
    await execa("docker", [command, this.name]);
  }

  async remove(): Promise<void> {
    await execa("docker", ["rm", "--force", "--volumes", this.name]);
  }
}

import { stripVTControlCharacters } from "node:util";
import execa from "execa";
import { Names } from "../../infra/platforms/docker";
import { ROOT, settings } from "../cli/project";
import { Target } from "../cli/targets";
import { kubectlOptions } from "../cli/targets/kind/kubectl";
import { run } from "./support";

/** A user as the source answers. */
export interface SourceUser {
  readonly login: { readonly uuid: string };
  readonly name: { readonly first: string; readonly last: string };
  readonly email: string;
}

/** The deployed pipeline, as its tests use it. */
export class Deployment {
  constructor(readonly target: Target) {}

  /** `make COMMAND`, with its output shown as it comes. */
  async make(command: string): Promise<void> {
    await execa("make", this.makeArguments(command), { cwd: ROOT, stdio: "inherit" });
  }

  /**
   * Runs `npx cdktf COMMAND` as a user types it on a prepared machine. Its output, thousands of lines without a terminal, is
   * not shown.
   * @returns the output, without colors
   * @throws Error with the end of the output, when the command fails
   */
  async cdktf(command: "deploy" | "diff" | "destroy"): Promise<string> {
    const { stack } = this.target.stack();
    const approval = command === "diff" ? "" : " --auto-approve";
    const line = `set -a && . .cache/terraform.env && npx cdktf ${command} ${stack}${approval}`;
    const options = { cwd: ROOT, all: true, stdin: "ignore", reject: false } as const;
    const { exitCode, all = "" } = await execa("bash", ["-c", line], options);
    const output = stripVTControlCharacters(all);
    if (exitCode !== 0) throw new Error(`${line}\nexit code ${exitCode}, after\n${output.slice(-4000)}`);
    return output;
  }

  /** Runs `make up`, and ends it by a signal when the first service is ready and others are starting. */
  async makeUpInterrupted(signal: NodeJS.Signals): Promise<number> {
    const options = { cwd: ROOT, reject: false, all: true, buffer: false, detached: true };
    const makeUp = execa("make", this.makeArguments("up"), options);
    await new Promise<void>((resolve, reject) => {
      let output = "";
      makeUp.all!.on("data", (chunk: Buffer) => {
        process.stdout.write(chunk);
        output += chunk.toString();
        if (/✔ (?!kind cluster|image ).* ready /.test(output)) resolve();
      });
      makeUp.all!.on("end", () => reject(new Error("make up exited before a service was ready")));
    });
    process.kill(-makeUp.pid!, signal);
    return (await makeUp).exitCode;
  }

  /** Runs a command in the container of a service and returns what it printed. */
  exec(service: string, ...command: readonly string[]): Promise<string> {
    return this.target.name === "docker"
      ? run("docker", "exec", new Names(settings().namePrefix).container(service), ...command)
      : run("tools/kind/kubectl", ...kubectlOptions(), "exec", `service/${service}`, "--", ...command);
  }

  /** Runs a CQL query as the read-only role and returns its rows, first column only. */
  async cqlColumn(query: string): Promise<string[]> {
    const output = await this.exec("cassandra", "cqlsh", "--no-color", "-e", `PAGING 5000; ${query}`);
    const lines = output.split("\n").map((line) => line.trim());
    const start = lines.findIndex((line) => /^-+/.test(line)) + 1;
    const end = lines.findIndex((line, i) => i >= start && line === "");
    return lines.slice(start, end).map((line) => (line.split("|")[0] ?? "").trim());
  }

  /** The ids of the users in Cassandra. */
  async storedIds(): Promise<Set<string>> {
    return new Set(await this.cqlColumn("SELECT id FROM spark_streams.created_users;"));
  }

  /** Runs a statement as the superuser of PostgreSQL and returns the rows it prints. */
  async sql(database: string, statement: string): Promise<string[]> {
    const psql = ["psql", "-h", "/var/run/postgresql", "-U", "postgres", "-Atc"];
    return (await this.exec("postgres", ...psql, statement, database)).split("\n").filter(Boolean);
  }

  /** The ids of the users in PostgreSQL. */
  async stagedIds(): Promise<Set<string>> {
    return new Set(await this.sql("pipeline", "SELECT id FROM staging.users"));
  }

  /** Fetches the users of a seed from the source. */
  async sourceUsers(count: number, seed: string): Promise<SourceUser[]> {
    const url = `http://random-user-api:8080/api/?results=${count}&seed=${seed}`;
    const script = `import urllib.request; print(urllib.request.urlopen("${url}").read().decode())`;
    const answer = await this.exec("airflow-webserver", "python3", "-c", script);
    return (JSON.parse(answer) as { results: SourceUser[] }).results;
  }

  /** Triggers a run that fetches the users of a seed; the seed is the id of the run. */
  async trigger(users: number, seed: string): Promise<void> {
    const conf = JSON.stringify({ users, seed });
    const trigger = ["airflow", "dags", "trigger", "kafka_stream_dag", "--run-id", seed, "--conf", conf];
    await this.exec("airflow-webserver", ...trigger);
  }

  /** The id of the Kafka cluster. */
  clusterId(): Promise<string> {
    return this.exec("broker", "kafka-cluster", "cluster-id", "--bootstrap-server", "broker:29092");
  }

  private makeArguments(command: string): string[] {
    return [command, `TARGET=${this.target.name}`];
  }
}

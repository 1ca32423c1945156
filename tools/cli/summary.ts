import { table, pc } from "./console";
import { settings } from "./project";
import { StageCounts } from "./stages";
import { Target } from "./targets";

/** Addresses and logins of a running pipeline, users at each stage, and a command to try. */
export function summary(
  target: Target,
  passwords: Readonly<Record<string, string>>,
  counts: StageCounts,
): string {
  const { ports } = settings();
  const password = (id: string) => passwords[id] ?? "-";
  const http = (port: number) => `http://localhost:${port}`;
  return [
    pc.bold("Open"),
    table([
      ["Airflow", http(ports.airflow), `admin / ${password("airflow-admin-password")}`],
      ["Control Center", http(ports.controlCenter)],
      ["Spark master", http(ports.sparkMaster)],
      ["Spark application", http(ports.sparkApplication)],
      ["Schema Registry", http(ports.schemaRegistry)],
      ["Kafka", `localhost:${ports.kafka}`],
      [
        "PostgreSQL",
        `localhost:${ports.postgres}/pipeline`,
        `reader / ${password("postgres-reader-password")}`,
      ],
      ["Cassandra", `localhost:${ports.cassandra}`, `reader / ${password("cassandra-reader-password")}`],
    ]),
    "",
    stagesTable(counts),
    "",
    pc.bold("Try"),
    `  ${target.execCommand("cassandra")} cqlsh -e "SELECT COUNT(*) FROM spark_streams.created_users;"`,
  ].join("\n");
}

/** Users at each stage, in the order in which they pass the stages. */
function stagesTable(counts: StageCounts): string {
  const shown = (count: number | undefined) =>
    count === undefined ? "unreachable" : count.toLocaleString("en");
  return [
    pc.bold("Users at each stage"),
    table([
      ["staged in PostgreSQL", shown(counts.staged)],
      ["published to users_created", shown(counts.created)],
      ["processed to users_processed", shown(counts.processed)],
      ["stored in Cassandra", shown(counts.stored)],
      ["set aside", `${shown(counts.rejected)} rejected, ${shown(counts.deadLetters)} dead letters`],
    ]),
  ].join("\n");
}

import { auth, Client as CassandraClient } from "cassandra-driver";
import { Client as PostgresClient } from "pg";
import { Settings } from "../../infra/settings";
import { publishedKafka, withDeadLetters } from "./kafka";

/** Number of users or messages at each stage; `undefined` for an unreachable stage. */
export interface StageCounts {
  readonly staged?: number;
  readonly rejected?: number;
  readonly created?: number;
  readonly processed?: number;
  /** Dead letters that were not replayed. */
  readonly deadLetters?: number;
  readonly stored?: number;
}

/** Access to the stages: the published ports, and the passwords of the roles. */
export interface StageAccess {
  readonly ports: Settings["ports"];
  readonly passwords: Readonly<Record<string, string>>;
}

/** Counts the users at every stage, in parallel. */
export async function countStages(access: StageAccess): Promise<StageCounts> {
  const [staging, topics, deadLetters, stored] = await Promise.all([
    orUndefined(countStaging(access)),
    orUndefined(countMessages(access, ["users_created", "users_processed"])),
    orUndefined(withDeadLetters(access.ports, (letters) => letters.countOpen())),
    countStored(access),
  ]);
  return {
    ...staging,
    created: topics?.get("users_created"),
    processed: topics?.get("users_processed"),
    deadLetters,
    stored,
  };
}

/** Whether at least one user is readable in Cassandra. */
export async function anyUserStored(access: StageAccess): Promise<boolean> {
  const rows = await orUndefined(
    withCassandra(access, (client) => client.execute("SELECT id FROM spark_streams.created_users LIMIT 1")),
  );
  return (rows?.rowLength ?? 0) > 0;
}

async function countStaging({
  ports,
  passwords,
}: StageAccess): Promise<{ staged: number; rejected: number }> {
  const client = new PostgresClient({
    host: "127.0.0.1",
    port: ports.postgres,
    database: "pipeline",
    user: "reader",
    password: passwords["postgres-reader-password"],
    connectionTimeoutMillis: 5000,
  });
  await client.connect();
  try {
    const { rows } = await client.query<{ staged: number; rejected: number }>(
      "SELECT (SELECT count(*)::int FROM staging.users) AS staged, (SELECT count(*)::int FROM staging.rejected) AS rejected",
    );
    return rows[0] ?? { staged: 0, rejected: 0 };
  } finally {
    await client.end();
  }
}

/** Counts the messages of each topic: the distance between first and next offset, summed over all partitions. */
async function countMessages(
  { ports }: StageAccess,
  topics: readonly string[],
): Promise<Map<string, number>> {
  const admin = publishedKafka(ports).admin();
  await admin.connect();
  try {
    const counts = await Promise.all(
      topics.map(async (topic): Promise<[string, number]> => {
        const partitions = await admin.fetchTopicOffsets(topic);
        return [topic, partitions.reduce((sum, { low, high }) => sum + Number(high) - Number(low), 0)];
      }),
    );
    return new Map(counts);
  } finally {
    await admin.disconnect();
  }
}

/** Counts the users in Cassandra; undefined if it does not answer. */
export async function countStored(access: StageAccess): Promise<number | undefined> {
  const result = await orUndefined(
    withCassandra(access, (client) =>
      client.execute("SELECT COUNT(*) AS users FROM spark_streams.created_users", [], {
        readTimeout: 60_000,
      }),
    ),
  );
  return result && Number(result.first().get("users") as { toString(): string });
}

async function withCassandra<T>(
  { ports, passwords }: StageAccess,
  ask: (client: CassandraClient) => Promise<T>,
): Promise<T> {
  const client = new CassandraClient({
    contactPoints: [`127.0.0.1:${ports.cassandra}`],
    localDataCenter: "dc1",
    authProvider: new auth.PlainTextAuthProvider("reader", passwords["cassandra-reader-password"] ?? ""),
  });
  try {
    return await ask(client);
  } finally {
    await client.shutdown();
  }
}

/** Resolves to undefined on failure, so that an unreachable stage does not hide the others. */
async function orUndefined<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch {
    return undefined;
  }
}

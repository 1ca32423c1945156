import { Client, errors } from "cassandra-driver";

/** How to reach Cassandra. */
export interface CassandraServer {
  hosts: string[];
  port: number;
  datacenter: string;
}

/** A role's name and password. */
export interface Credentials {
  username: string;
  password: string;
}

const CONNECT_TIMEOUT_MS = 5_000;
/** Schema changes take longer than queries. */
const READ_TIMEOUT_MS = 30_000;
/** Longest wait after a schema change until all nodes know it. */
const AGREEMENT_TIMEOUT_S = 60;

/** Connects and logs in once, without retries. */
export async function open(server: CassandraServer, credentials: Credentials): Promise<Client> {
  const client = new Client({
    contactPoints: server.hosts,
    protocolOptions: { port: server.port, maxSchemaAgreementWaitSeconds: AGREEMENT_TIMEOUT_S },
    localDataCenter: server.datacenter,
    credentials,
    isMetadataSyncEnabled: false,
    pooling: { warmup: false },
    socketOptions: { connectTimeout: CONNECT_TIMEOUT_MS, readTimeout: READ_TIMEOUT_MS },
  });
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.shutdown();
    throw error;
  }
}

/** Whether a connect failed because a server refused the name or password. */
export function isRefusal(error: unknown): boolean {
  return causesOf(error).some((cause) => cause instanceof errors.AuthenticationError);
}

/** Whether a connect failed because the configuration contradicts the cluster (its data center's name). */
export function isMisconfigured(error: unknown): boolean {
  return causesOf(error).some((cause) => cause instanceof errors.ArgumentError);
}

/** The reasons of a failed connect, one per address tried: the driver's own message only says that there are some. */
export function reasonsOf(error: unknown): string {
  return [...new Set(causesOf(error).map((cause) => cause.message))].join(", ");
}

function causesOf(error: unknown): Error[] {
  const inner =
    error instanceof errors.NoHostAvailableError ? Object.values(error.innerErrors as object) : [];
  return (inner.length > 0 ? inner : [error]) as Error[];
}

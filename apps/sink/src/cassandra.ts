import { auth, Client, errors, policies, types } from "cassandra-driver";
import { PermanentError } from "./errors";
import type { Statement, Statements } from "./statements";

/** Runs statements; what the writers need of Cassandra. */
export interface Database {
  /**
   * Runs a statement, or several writes as one request. Of these either all are refused or none; what is interrupted may
   * have done some and not others.
   *
   * @returns the rows of a single statement
   * @throws PermanentError (invalid) when Cassandra refuses these rows and always will
   * @throws anything else when it could not be run now: wait and run it again
   */
  execute(...statements: Statement[]): Promise<types.Row[]>;

  /**
   * Resolves when this role can log in and read every table and column the sink needs.
   *
   * @throws why not
   */
  check(): Promise<void>;
}

/** How to reach Cassandra and log in. */
export interface CassandraOptions {
  hosts: string[];
  port: number;
  datacenter: string;
  user: string;
  password: string;
}

/** Longest time without an answer before a request counts as failed; Cassandra's own time-outs are 2 to 10 s. */
const REQUEST_TIMEOUT_MS = 10_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** A steady second, as the driver's default grows to ten minutes and a node that is back should be used. */
const RECONNECT_DELAY_MS = 1_000;

/**
 * Cassandra through its driver: connects at the first request, reconnects by itself (and resolves host names each
 * time), runs everything prepared.
 */
export class Cassandra implements Database {
  readonly #client: Client;
  readonly #probes: readonly string[];

  constructor(options: CassandraOptions, statements: Statements) {
    this.#probes = statements.probes;
    this.#client = new Client({
      contactPoints: options.hosts,
      protocolOptions: { port: options.port },
      localDataCenter: options.datacenter,
      authProvider: new auth.PlainTextAuthProvider(options.user, options.password),
      // The same for reads and writes: what the read before a write must see was acknowledged by a majority.
      queryOptions: { consistency: types.consistencies.localQuorum, prepare: true, isIdempotent: true },
      socketOptions: { connectTimeout: CONNECT_TIMEOUT_MS, readTimeout: REQUEST_TIMEOUT_MS },
      policies: { reconnection: new policies.reconnection.ConstantReconnectionPolicy(RECONNECT_DELAY_MS) },
    });
  }

  async execute(...statements: Statement[]): Promise<types.Row[]> {
    try {
      return await this.#run(statements);
    } catch (error) {
      const answer = answerOf(error);
      if (answer?.code !== INVALID && answer?.code !== UNPREPARED) throw error;
      // Cassandra reports "invalid" for a row, but also for a missing keyspace, table or column, which can still be
      // created (the driver then also reports "unprepared"). The probes find out which. They ask the same node, since
      // another one may have another schema.
      await this.#probe(answer.coordinator);
    }
    try {
      // What was missing may have been created since: only a second refusal is about the row.
      return await this.#run(statements);
    } catch (error) {
      const answer = answerOf(error);
      if (answer?.code !== INVALID) throw error;
      throw new PermanentError("invalid", answer.message, { cause: error });
    }
  }

  async check(): Promise<void> {
    await this.#probe();
  }

  async #run(statements: Statement[]): Promise<types.Row[]> {
    const [{ query, params }, ...others] = statements as [Statement, ...Statement[]];
    if (others.length === 0) return (await this.#client.execute(query, params)).rows;
    // Not logged: who repeats what was interrupted needs no log of Cassandra's, which would double the writes.
    await this.#client.batch(statements, { prepare: true, logged: false });
    return [];
  }

  /** @param coordinator address of the node to ask; any when absent or unknown */
  async #probe(coordinator?: string): Promise<void> {
    const host = coordinator === undefined ? undefined : this.#client.hosts.get(coordinator);
    for (const query of this.#probes) {
      // Not prepared: of a statement it prepared before, the driver hides why it cannot be prepared again.
      await this.#client.execute(query, [], { prepare: false, ...(host ? { host } : {}) });
    }
  }

  /** Closes all connections; requests in flight fail. */
  async close(): Promise<void> {
    await this.#client.shutdown();
  }
}

const INVALID = Number(types.responseErrorCodes.invalid);
const UNPREPARED = Number(types.responseErrorCodes.unprepared);

/** An error a node answered with. The driver's types leave out which node it was. */
type Answer = errors.ResponseError & { coordinator?: string };

/** The answer behind an error, or undefined when there was none (nobody could be asked, time-out). */
function answerOf(error: unknown): Answer | undefined {
  if (error instanceof errors.ResponseError) return error;
  if (!(error instanceof errors.NoHostAvailableError)) return undefined;
  const perHost = Object.values((error.innerErrors ?? {}) as Record<string, unknown>);
  return perHost.find((inner) => inner instanceof errors.ResponseError);
}

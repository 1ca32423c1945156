import { errors } from "cassandra-driver";

/** Why a record can never be stored: `dlq.error.class` of its dead letter. */
export type ErrorClass = "decode" | "validation" | "invalid";

/**
 * A record that can never be stored, however often it is tried: it becomes a dead letter. Every other error means wait
 * and try again. Its message carries no values of the record.
 */
export class PermanentError extends Error {
  override name = "PermanentError";

  constructor(
    readonly errorClass: ErrorClass,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Why something failed, in one line for people. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // The driver's own message names one host and hides the reason.
  if (error instanceof errors.NoHostAvailableError) {
    const hosts = Object.entries((error.innerErrors ?? {}) as Record<string, unknown>);
    const reasons = hosts.map(([host, reason]) => `${host}: ${describeError(reason)}`);
    return ["no Cassandra host is available", ...reasons].join("; ");
  }
  return error.message;
}

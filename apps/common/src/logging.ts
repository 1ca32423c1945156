import { type LogEntry, logLevel, type logCreator } from "kafkajs";
import pino, { type DestinationStream, type Logger } from "pino";

export type { Logger } from "pino";

/**
 * The part of an error that is safe to log. Errors of PostgreSQL (`detail`, `where`, `parameters`) and of Avro carry
 * the values of the row they are about, which are personal data: only these properties pass.
 */
function serializeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: String(error) };
  const { code } = error as NodeJS.ErrnoException;
  return {
    type: error.name,
    message: error.message,
    ...(code === undefined ? {} : { code }),
    stack: error.stack,
    ...(error.cause === undefined ? {} : { cause: serializeError(error.cause) }),
  };
}

/** What went wrong in one line, for readiness and logs. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // A connection refused on IPv4 and IPv6 is an AggregateError without a message of its own.
  return error.message || (error as NodeJS.ErrnoException).code || error.name;
}

/**
 * A logger that writes one JSON object per line to standard output: `level` as a word, `time` in ISO 8601, `app`, `msg`.
 * Callers log ids and counts, never the content of records: that is personal data.
 *
 * @param app name of the app, in every line
 * @param level least level that is written: trace, debug, info, warn, error, fatal, silent
 * @param destination where lines go instead of standard output
 */
export function createLogger(app: string, level: string, destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: { app },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: serializeError },
    },
    // Synchronous: a line written just before the process ends is never lost.
    destination ?? pino.destination({ dest: 1, sync: true }),
  );
}

/** Parts of kafkajs that log each attempt they make; what an outage means is the caller's to say, once. */
const ATTEMPTS = ["Connection", "BrokerPool", "Producer"];

/** Hands the log of kafkajs on to ours, in lines with `component: kafkajs`; its errors are warnings, as it tries again. */
export function kafkaLogCreator(logger: Logger): logCreator {
  const child = logger.child({ component: "kafkajs" });
  return () =>
    ({ namespace, level, log }: LogEntry) => {
      const fields: Record<string, unknown> = { ...log, namespace };
      for (const ours of ["message", "timestamp", "logger", "stack"]) delete fields[ours];
      if (level === logLevel.DEBUG || ATTEMPTS.includes(namespace)) child.debug(fields, log.message);
      else if (level === logLevel.INFO) child.info(fields, log.message);
      else child.warn(fields, log.message);
    };
}

import { retry } from "@pipeline/common/backoff";
import { messageOf, SetupError } from "./errors";
import type { Report } from "./report";

/** How {@link waitFor} waits. */
export interface WaitOptions {
  report: Report;
  /** Give up after this long, milliseconds. Default: two minutes. */
  timeoutMs?: number;
  /** Whether an error may go away by itself. Default: every error but a {@link SetupError}. */
  mayPass?: (error: unknown) => boolean;
  /** Says why an attempt failed. Default: the error's message. */
  reasonOf?: (error: unknown) => string;
}

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 4_000;
const LINE_EVERY_MS = 5_000;

/**
 * Tries until it succeeds, with growing pauses, saying every few seconds what it waits for.
 *
 * @param what the thing waited for, as in "waiting for …"
 * @throws the error itself when it may not pass; SetupError with the last one after the time-out
 */
export async function waitFor<T>(what: string, attempt: () => Promise<T>, options: WaitOptions): Promise<T> {
  const { report, timeoutMs = 120_000, reasonOf = messageOf } = options;
  const mayPass = options.mayPass ?? ((error) => !(error instanceof SetupError));
  const start = Date.now();
  let reason = "no answer yet";
  const waited = () => `${Math.round((Date.now() - start) / 1000)} s`;
  // By the clock, not by attempts: one of them may take long.
  const lines = setInterval(
    () => report.waiting(`waiting for ${what}, ${waited()}: ${reason}`),
    LINE_EVERY_MS,
  );
  try {
    return await retry(attempt, {
      initialDelayMs: FIRST_DELAY_MS,
      maxDelayMs: LONGEST_DELAY_MS,
      isRetryable: mayPass,
      onFailure: (error, _attempt, delayMs) => {
        reason = reasonOf(error);
        if (Date.now() + delayMs - start < timeoutMs) return;
        throw new SetupError(`gave up waiting for ${what} after ${waited()}: ${reason}`);
      },
    });
  } finally {
    clearInterval(lines);
  }
}

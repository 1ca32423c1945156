import { setTimeout as sleep } from "node:timers/promises";

/** How {@link retry} repeats. */
export interface RetryOptions {
  /** Ends the waiting and the repeating; the promise then rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Told after each failed attempt, before the wait; throw in it (or use `isRetryable`) to give up. */
  onFailure?: (error: unknown, attempt: number, delayMs: number) => void;
  /** Whether another attempt can help; when false, `retry` rejects with the error. Default: always. */
  isRetryable?: (error: unknown) => boolean;
  /** Longest wait before the second attempt, milliseconds; doubles with each. Default 200. */
  initialDelayMs?: number;
  /** Longest wait ever, milliseconds. Default 10,000. */
  maxDelayMs?: number;
}

/**
 * Milliseconds to wait after failed attempt number `attempt` (from 1): exponential, capped, half of it random, so that
 * clients which failed together do not come back together.
 */
export function backoffDelay(attempt: number, initialDelayMs = 200, maxDelayMs = 10_000): number {
  const ceiling = Math.min(maxDelayMs, initialDelayMs * 2 ** (attempt - 1));
  return ceiling / 2 + (Math.random() * ceiling) / 2;
}

/**
 * Runs an operation until it succeeds. Our own few lines because the CommonJS libraries for this (exponential-backoff,
 * async-retry, cockatiel) cannot cut short a wait that has begun, which a drain at SIGTERM needs.
 *
 * @throws the operation's error when it is not retryable, or the signal's reason when aborted
 */
export async function retry<T>(operation: () => Promise<T>, options: RetryOptions = {}): Promise<T> {
  const { signal, onFailure, isRetryable = () => true, initialDelayMs, maxDelayMs } = options;
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    try {
      return await operation();
    } catch (error) {
      if (!isRetryable(error)) throw error;
      signal?.throwIfAborted();
      const delayMs = backoffDelay(attempt, initialDelayMs, maxDelayMs);
      onFailure?.(error, attempt, delayMs);
      await pause(delayMs, signal);
    }
  }
}

/** Waits; rejects with the signal's reason (not a generic AbortError) when aborted. */
export async function pause(delayMs: number, signal?: AbortSignal): Promise<void> {
  try {
    await sleep(delayMs, undefined, { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

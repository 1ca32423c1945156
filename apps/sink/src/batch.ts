import { setMaxListeners } from "node:events";
import { pause } from "@pipeline/common";
import type { EachBatchPayload } from "kafkajs";
import { OffsetTracker } from "./offsets";
import type { Slots } from "./slots";
import type { Storer } from "./storer";

/** How often a batch reports its progress and lets kafkajs send a heartbeat if one is due. */
const PROGRESS_INTERVAL_MS = 500;

/** What {@link processBatch} works with. */
export interface BatchContext {
  storer: Storer;
  /** Bounds the records in flight over all partitions. */
  slots: Slots;
  /** Aborted when the process stops: what is in flight ends, nothing more is begun. */
  stopping: AbortSignal;
  /** Called periodically and at the end with the offset of the next record to read. All records before it are done. */
  onProgress: (nextOffset: bigint) => void;
}

/**
 * Processes one partition's batch: reads its records in order, stores them side by side. Returns when all are done, or
 * early when the process stops. Afterwards, also after an error, kafkajs resumes at the first record that is not done.
 *
 * @throws the heartbeat's error (the group rebalances, the broker is unavailable), after the records in flight are done
 */
export async function processBatch(payload: EachBatchPayload, context: BatchContext): Promise<void> {
  const { batch } = payload;
  const { stopping, onProgress } = context;
  const { messages } = batch;
  const tracker = new OffsetTracker(messages.length);
  const ending = new AbortController();
  // One listener per record that waits for its next attempt.
  setMaxListeners(0, ending.signal);
  const stop = () => ending.abort(stopping.reason);
  stopping.addEventListener("abort", stop, { once: true });
  if (stopping.aborted) stop();

  let reported = 0;
  const report = () => {
    const done = tracker.prefix;
    if (done === reported) return;
    reported = done;
    const last = messages[done - 1]!.offset;
    payload.resolveOffset(last);
    // kafkajs then also passes what it does not show, control records of transactions at the end: so do we.
    onProgress(BigInt(done === messages.length ? batch.lastOffset() : last) + 1n);
  };

  const stored = new AbortController();
  const keepingAlive = keepAlive(() => payload.heartbeat(), report, ending, stored.signal);
  await storeAll(batch, tracker, context, ending);
  stored.abort();
  await keepingAlive;
  report();
  stopping.removeEventListener("abort", stop);
  if (ending.signal.aborted && !stopping.aborted) throw ending.signal.reason;
}

/** Starts to store each record when a slot is free; resolves when none is in flight any more. Never rejects. */
async function storeAll(
  { topic, partition, messages }: EachBatchPayload["batch"],
  tracker: OffsetTracker,
  { storer, slots }: BatchContext,
  ending: AbortController,
): Promise<void> {
  const { signal } = ending;
  const inFlight: Promise<void>[] = [];
  for (const [position, { offset, timestamp, key, value, headers }] of messages.entries()) {
    await slots.acquire();
    try {
      signal.throwIfAborted();
      const receivedAt = Number(timestamp);
      const task = await storer.read({ topic, partition, offset, receivedAt, key, value, headers }, signal);
      inFlight.push(
        task(signal)
          .then(() => tracker.acknowledge(position))
          .catch((error: unknown) => ending.abort(error))
          .finally(() => slots.release()),
      );
    } catch (error) {
      slots.release();
      ending.abort(error);
      break;
    }
  }
  await Promise.all(inFlight);
}

/** Reports and heartbeats until everything is stored; a heartbeat that fails ends the batch. Never rejects. */
async function keepAlive(
  heartbeat: () => Promise<void>,
  report: () => void,
  ending: AbortController,
  stored: AbortSignal,
): Promise<void> {
  while (!stored.aborted) {
    try {
      await pause(PROGRESS_INTERVAL_MS, stored);
      report();
      await heartbeat();
    } catch (error) {
      if (!stored.aborted) ending.abort(error);
      return;
    }
  }
}

import { once } from "node:events";
import { type Logger, type Readiness, retry } from "@pipeline/common";
import type { Consumer, EachBatchPayload, Kafka } from "kafkajs";
import { processBatch } from "./batch";
import { describeError } from "./errors";
import type { SinkMetrics } from "./metrics";
import { OffsetCommits } from "./offset-commits";
import type { Slots } from "./slots";
import { type Dependency, PATIENCE, type Storer } from "./storer";

/** Time after which a process that died is out of the group and its partitions go on elsewhere. */
const SESSION_TIMEOUT_MS = 15_000;
const HEARTBEAT_INTERVAL_MS = 3_000;
/** Longest time the broker holds an empty fetch. Data is sent at once (minBytes 1); this bounds how long a stop takes. */
const MAX_WAIT_MS = 250;
/** More partitions than this take turns. */
const PARTITIONS_AT_A_TIME = 16;
const COMMIT_INTERVAL_MS = 1_000;

/** What {@link consume} works with. */
export interface ConsumeOptions {
  kafka: Kafka;
  groupId: string;
  topics: string[];
  storer: Storer;
  slots: Slots;
  readiness: Readiness<Dependency>;
  metrics: SinkMetrics;
  logger: Logger;
}

/**
 * Consumes as a member of the group until told to stop. When the consumer fails for good (kafkajs itself repeats what
 * is short), a new one takes its place after a pause; so too while topics do not exist yet.
 *
 * @param stopping when aborted: what is in flight ends, its offsets are committed, the group is left
 */
export async function consume(options: ConsumeOptions, stopping: AbortSignal): Promise<void> {
  const { kafka, topics, readiness } = options;
  try {
    await retry(
      async () => {
        await checkTopics(kafka, topics);
        await consumeOnce(options, stopping);
      },
      { ...PATIENCE, signal: stopping, onFailure: (error) => readiness.down("kafka", describeError(error)) },
    );
  } catch (error) {
    if (!stopping.aborted) throw error;
  }
}

/** @throws naming the topics that do not exist */
async function checkTopics(kafka: Kafka, topics: string[]): Promise<void> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    const existing = new Set(await admin.listTopics());
    const missing = topics.filter((topic) => !existing.has(topic));
    if (missing.length > 0) throw new Error(`no such topic yet: ${missing.join(", ")}`);
  } finally {
    await admin.disconnect();
  }
}

/**
 * One consumer's life.
 *
 * @throws the error it crashed with
 */
async function consumeOnce(options: ConsumeOptions, stopping: AbortSignal): Promise<void> {
  const { kafka, groupId, topics, storer, slots, readiness, metrics, logger } = options;
  const consumer = kafka.consumer({
    groupId,
    sessionTimeout: SESSION_TIMEOUT_MS,
    heartbeatInterval: HEARTBEAT_INTERVAL_MS,
    maxWaitTimeInMs: MAX_WAIT_MS,
    minBytes: 1,
    allowAutoTopicCreation: false,
    // A crash of the consumer is ours to see to: consume() says why, waits and makes a new one.
    retry: { restartOnFailure: () => Promise.resolve(false) },
  });
  const commits = new OffsetCommits((offsets) => consumer.commitOffsets(offsets));
  const commitRegularly = setInterval(() => {
    commits
      .flush()
      .catch((error: unknown) => logger.warn({ reason: describeError(error) }, "offsets not committed yet"));
  }, COMMIT_INTERVAL_MS);
  const batches = new Set<Promise<void>>();

  const eachBatch = async (payload: EachBatchPayload) => {
    const { topic, partition, highWatermark, messages } = payload.batch;
    const showLag = (nextOffset: bigint) =>
      metrics.lag.set({ topic, partition }, Number(BigInt(highWatermark) - nextOffset));
    showLag(BigInt(messages[0]!.offset));
    const onProgress = (nextOffset: bigint) => {
      commits.note(topic, partition, nextOffset);
      showLag(nextOffset);
    };
    const batch = processBatch(payload, { storer, slots, stopping, onProgress });
    batches.add(batch);
    try {
      await batch;
    } finally {
      batches.delete(batch);
    }
  };

  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    commits.clear();
    metrics.lag.reset();
    readiness.up("kafka");
    logger.info({ groupId, partitions: payload.memberAssignment }, "joined the consumer group");
  });

  try {
    await consumer.connect();
    await consumer.subscribe({ topics, fromBeginning: true });
    const running = consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: PARTITIONS_AT_A_TIME,
      eachBatch,
    });
    await Promise.race([Promise.all([running, crash(consumer)]), aborted(stopping)]);
    // Nothing more is fetched; commits work only while the consumer runs, so it is stopped after the last.
    consumer.pause(topics.map((topic) => ({ topic })));
    await Promise.allSettled(batches);
    await commits.flush();
  } finally {
    clearInterval(commitRegularly);
    await consumer.disconnect();
  }
}

/** Rejects when the consumer crashes; never resolves. */
function crash(consumer: Consumer): Promise<never> {
  return new Promise((_, reject) =>
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error)),
  );
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, "abort");
}

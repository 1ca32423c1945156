import {
  type ClusterInfo,
  type ClusterReader,
  type Logger,
  pause,
  type Readiness,
  reasonOf,
} from "@pipeline/common";
import type { Admin } from "kafkajs";
import type { Problem } from "../api";
import type { ControlCenterConfig } from "../config";
import type { DeadLetters } from "../kafka/dead-letters";
import { type GroupInfo, readGroups } from "../kafka/groups";
import {
  type AppName,
  type AppReading,
  Apps,
  type ProducerFigures,
  type SinkFigures,
  type StreamFigures,
} from "./apps";
import { groupPartitions, lagsByTopic, type Offsets } from "./group-lag";
import { History } from "./history";
import type { ProcessingLag } from "./processing-lag";

const INTERVAL_MS = 5_000;
/** What charts show. */
const HISTORY_MS = 15 * 60_000;

/** The cluster at one time. */
export interface KafkaSnapshot {
  time: number;
  cluster: ClusterInfo;
  /** By topic and partition. */
  offsets: Offsets;
  groups: GroupInfo[];
}

/** What is kept of one sample for the charts; null where it could not be read. */
export interface Sample {
  time: number;
  /** Sum of the next offsets, by topic: all records ever written to it. */
  written: ReadonlyMap<string, number> | null;
  /** Records not yet committed, by group and topic. */
  lags: ReadonlyMap<string, ReadonlyMap<string, number>> | null;
  /** Sum of the offsets that the sink has committed in the topic of processed users. */
  stored: number | null;
  /** Records of users_created that the stream job has not reached. */
  processingLag: number | null;
  /** Letters that are open. */
  deadLetters: number | null;
  producer: AppReading<ProducerFigures>;
  stream: AppReading<StreamFigures>;
  sink: AppReading<SinkFigures>;
}

/** Dependencies of a {@link Sampler}. */
export interface SamplerOptions {
  config: ControlCenterConfig;
  reader: ClusterReader;
  admin: Admin;
  processingLag: ProcessingLag;
  deadLetters: DeadLetters;
  readiness: Readiness<"kafka" | "schema-registry">;
  /** Asks whether the registry answers. */
  checkRegistry: () => Promise<unknown>;
  logger: Logger;
}

/**
 * Reads the cluster and the apps every few seconds, once for all who look: however many browsers are open, Kafka is
 * asked the same. Keeps the last snapshot when the broker is away.
 */
export class Sampler {
  readonly history = new History<Sample>(HISTORY_MS);
  /** The last snapshot that could be read. */
  snapshot: KafkaSnapshot | undefined;
  /** Why there is no newer one, while there is not. */
  problem: Problem | null = null;
  /** Since when each app does not answer, or says something else than before. */
  readonly appProblems = new Map<AppName, Problem>();
  readonly #apps: Apps;
  readonly #listeners = new Set<() => void>();

  constructor(private readonly options: SamplerOptions) {
    const { PRODUCER_URL, STREAM_URL, SINK_URL } = options.config;
    this.#apps = new Apps({ producer: PRODUCER_URL, stream: STREAM_URL, sink: SINK_URL });
  }

  /** Calls the listener after each sample, until the returned function is called. */
  onSample(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Samples until told to stop. */
  async run(stopping: AbortSignal): Promise<void> {
    while (!stopping.aborted) {
      const begin = Date.now();
      await this.#sample(begin);
      this.#listeners.forEach((listener) => listener());
      await pause(Math.max(0, begin + INTERVAL_MS - Date.now()), stopping).catch(() => {});
    }
  }

  async #sample(time: number): Promise<void> {
    const [kafka, producer, stream, sink] = await Promise.all([
      this.#readKafka(time),
      this.#apps.producer(),
      this.#apps.stream(),
      this.#apps.sink(),
      this.#checkRegistry(),
    ]);
    this.#noteApp("producer", producer, time);
    this.#noteApp("stream", stream, time);
    this.#noteApp("sink", sink, time);
    this.history.add({
      time,
      ...figuresOf(kafka?.snapshot, this.options.config),
      processingLag: kafka?.lag ?? null,
      deadLetters: this.options.deadLetters.counts?.open ?? null,
      producer,
      stream,
      sink,
    });
  }

  async #readKafka(time: number): Promise<{ snapshot: KafkaSnapshot; lag: number | null } | undefined> {
    const { reader, admin, readiness, logger, config, processingLag, deadLetters } = this.options;
    try {
      const cluster = await reader.describe();
      await admin.connect();
      const [offsets, groups] = await Promise.all([reader.offsets(cluster.topics), readGroups(admin)]);
      const snapshot = { time, cluster, offsets, groups };
      const topic = (name: string) => cluster.topics.find((candidate) => candidate.name === name);
      const { KAFKA_CREATED_TOPIC, KAFKA_PROCESSED_TOPIC, KAFKA_DLQ_TOPIC } = config;
      await deadLetters.follow(topic(KAFKA_DLQ_TOPIC), offsets.get(KAFKA_DLQ_TOPIC)?.get(0));
      const lag = await processingLag.of(topic(KAFKA_CREATED_TOPIC), topic(KAFKA_PROCESSED_TOPIC), offsets);
      this.snapshot = snapshot;
      this.problem = null;
      readiness.up("kafka");
      return { snapshot, lag };
    } catch (error) {
      const reason = reasonOf(error);
      logger.debug({ err: error }, "cannot sample Kafka");
      this.problem = { reason, since: this.problem?.since ?? time };
      readiness.down("kafka", reason);
      return undefined;
    }
  }

  async #checkRegistry(): Promise<void> {
    const { readiness, checkRegistry } = this.options;
    try {
      await checkRegistry();
      readiness.up("schema-registry");
    } catch (error) {
      readiness.down("schema-registry", reasonOf(error));
    }
  }

  #noteApp(app: AppName, reading: AppReading<unknown>, time: number): void {
    if (reading.ok) this.appProblems.delete(app);
    else {
      const since = this.appProblems.get(app)?.since ?? time;
      this.appProblems.set(app, { reason: reading.reason, since });
    }
  }
}

/** The sums that charts and rates are made of. Pure. */
function figuresOf(
  snapshot: KafkaSnapshot | undefined,
  { SINK_GROUP_ID, KAFKA_PROCESSED_TOPIC }: ControlCenterConfig,
): Pick<Sample, "written" | "lags" | "stored"> {
  if (!snapshot) return { written: null, lags: null, stored: null };
  const written = new Map(
    [...snapshot.offsets].map(([topic, ranges]) => [
      topic,
      sum([...ranges.values()].map(({ next }) => next)),
    ]),
  );
  const lags = new Map(
    snapshot.groups.map((group) => [group.id, lagsByTopic(groupPartitions(group, snapshot.offsets))]),
  );
  const committed = snapshot.groups
    .find(({ id }) => id === SINK_GROUP_ID)
    ?.committed.filter(({ topic }) => topic === KAFKA_PROCESSED_TOPIC);
  return { written, lags, stored: committed ? sum(committed.map(({ offset }) => offset)) : null };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

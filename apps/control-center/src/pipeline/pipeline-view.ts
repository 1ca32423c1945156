import type { Delay, Hop, PipelineView, Problem } from "../api";
import type { ControlCenterConfig } from "../config";
import type { AppName } from "./apps";
import { chartOf } from "./chart";
import { between, countOf, type Histogram, quantile } from "./histogram";
import { type Reading, ratePerSecond, ratesOf } from "./rates";
import type { Sample } from "./sampler";
import { type Progress, stalledSince } from "./stalls";

/** Window of the latency figures. */
const DELAY_WINDOW_MS = 5 * 60_000;
/** Width of a point in the latency chart. */
const DELAY_POINT_MS = 60_000;
const RATE_WINDOW_MS = 60_000;
/** Width of a point in the rate chart; wide enough to smooth bursts. */
const RATE_POINT_MS = 15_000;
/** A hop is stalled if records wait and none has passed for this long. */
const PATIENCE_MS = 30_000;
/** Log of other writers that the slot retains at any time; the producer acknowledges it every few seconds. */
const SLOT_NOISE_BYTES = 4 * 1024 * 1024;

/** Input of {@link pipelineView}. */
export interface PipelineInput {
  config: ControlCenterConfig;
  samples: readonly Sample[];
  kafkaProblem: Problem | null;
  appProblems: ReadonlyMap<AppName, Problem>;
}

/** A hop, with functions that read its figures from a sample. */
interface HopSource extends Pick<Hop, "id" | "title" | "place" | "next" | "totalOf" | "waitingUnit"> {
  /** Total number of records that arrived at the hop. */
  came: (sample: Sample) => number | null;
  /** Total number of records that passed the hop. */
  went: (sample: Sample) => number | null;
  /** Number of records that wait to pass the hop. */
  waiting: (sample: Sample) => number | null;
  /** Waiting amount below which the hop is not stalled. */
  noise: number;
  /** Reason the next stage gives for not consuming. */
  hindered: (sample: Sample) => string | null;
  /** Reason why the figures of the hop are unavailable. */
  unread: Problem | null;
  /** Reason why the next stage's metrics are unavailable. */
  silent: Problem | null;
}

/** Computes the view of the pipeline, hop by hop. Pure. */
export function pipelineView(input: PipelineInput): PipelineView {
  const { samples } = input;
  const sources = hopSources(input);
  const ratesAt = ({ came }: HopSource) => ratesOf(readings(samples, came), RATE_POINT_MS);
  const [staged, created, processed, stored] = sources;
  return {
    hops: sources.map((source) => hopOf(source, samples)),
    delay: delayOf(samples, DELAY_WINDOW_MS),
    deadLetters: latest(samples, ({ deadLetters }) => deadLetters),
    rejected: latest(samples, ({ producer }) => (producer.ok ? producer.figures.rejected : null)),
    rates: chartOf(samples, {
      Staged: ratesAt(staged),
      Published: ratesAt(created),
      Processed: ratesAt(processed),
      Stored: ratesAt(stored),
    }),
    waiting: chartOf(samples, {
      "for Spark": samples.map(created.waiting),
      "for the sink": samples.map(processed.waiting),
    }),
    delays: chartOf(samples, {
      p50: delaysOf(samples, 0.5),
      p99: delaysOf(samples, 0.99),
    }),
  };
}

/** Where each figure comes from. */
function hopSources(input: PipelineInput): [HopSource, HopSource, HopSource, HopSource] {
  const { config, kafkaProblem, appProblems } = input;
  const created = ({ written }: Sample) => written?.get(config.KAFKA_CREATED_TOPIC) ?? null;
  const processed = ({ written }: Sample) => written?.get(config.KAFKA_PROCESSED_TOPIC) ?? null;
  const stored = (sample: Sample) => sample.stored;
  const published = ({ producer }: Sample) => (producer.ok ? producer.figures.published : null);
  const problemOf = (app: AppName) => appProblems.get(app) ?? null;
  const written = "records written to the topic, ever";
  return [
    {
      id: "staged",
      title: "Staged",
      place: "PostgreSQL",
      next: "producer",
      totalOf: "rows taken since the producer started",
      waitingUnit: "bytes",
      came: published,
      went: published,
      waiting: ({ producer }) => (producer.ok ? producer.figures.slotLagBytes : null),
      noise: SLOT_NOISE_BYTES,
      hindered: ({ producer }) => (producer.ok ? waitsFor("the producer", producer.figures.missing) : null),
      unread: problemOf("producer"),
      silent: null,
    },
    {
      id: "created",
      title: "Published",
      place: config.KAFKA_CREATED_TOPIC,
      next: "Spark",
      totalOf: written,
      waitingUnit: "records",
      came: created,
      went: processed,
      waiting: ({ processingLag }) => processingLag,
      noise: 0,
      hindered: ({ stream }) =>
        stream.ok && stream.figures.stopped.length > 0
          ? `Spark does not run the query ${stream.figures.stopped.join(", ")}`
          : null,
      unread: kafkaProblem,
      silent: problemOf("stream"),
    },
    {
      id: "processed",
      title: "Processed",
      place: config.KAFKA_PROCESSED_TOPIC,
      next: "sink",
      totalOf: written,
      waitingUnit: "records",
      came: processed,
      went: stored,
      waiting: ({ lags }) => lags?.get(config.SINK_GROUP_ID)?.get(config.KAFKA_PROCESSED_TOPIC) ?? null,
      noise: 0,
      hindered: ({ sink }) => (sink.ok ? waitsFor("the sink", sink.figures.missing) : null),
      unread: kafkaProblem,
      silent: problemOf("sink"),
    },
    {
      id: "stored",
      title: "Stored",
      place: "Cassandra",
      next: null,
      totalOf: "records the sink has committed",
      waitingUnit: "records",
      came: stored,
      went: stored,
      waiting: () => null,
      noise: 0,
      hindered: () => null,
      unread: kafkaProblem,
      silent: null,
    },
  ];
}

function hopOf(source: HopSource, samples: readonly Sample[]): Hop {
  const { id, title, place, next, totalOf, waitingUnit } = source;
  const rate = ratePerSecond(readings(samples, source.came), RATE_WINDOW_MS);
  return {
    ...{ id, title, place, next, totalOf, waitingUnit, rate },
    ...stateOf(source, samples, rate),
    total: latest(samples, source.came),
    waiting: latest(samples, source.waiting),
  };
}

/** Whether users go on from a hop, and if not since when and why. */
function stateOf(
  { came, went, waiting, noise, hindered, unread, silent }: HopSource,
  samples: readonly Sample[],
  rate: number | null,
): Pick<Hop, "state" | "since" | "note"> {
  const last = samples.at(-1);
  if (unread) return { state: "unknown", since: unread.since, note: unread.reason };
  if (!last || came(last) === null)
    return { state: "unknown", since: null, note: "nothing is known of it yet" };
  const hindrance = hindered(last);
  if (hindrance !== null) {
    const free = samples.findLastIndex((sample) => hindered(sample) === null);
    return { state: "stalled", since: samples[free + 1]!.time, note: hindrance };
  }
  const progress = samples.map((sample): Progress => {
    const held = waiting(sample);
    return {
      time: sample.time,
      passed: went(sample),
      waiting: held === null ? null : Math.max(0, held - noise),
    };
  });
  const since = stalledSince(progress, PATIENCE_MS);
  if (since !== null) return { state: "stalled", since, note: "no progress although data is waiting" };
  return { state: rate !== null && rate > 0 ? "flowing" : "idle", since: null, note: silent?.reason ?? null };
}

/** The last value that could be read. */
function latest(samples: readonly Sample[], read: (sample: Sample) => number | null): number | null {
  const found = samples.findLast((sample) => read(sample) !== null);
  return found ? read(found) : null;
}

function readings(samples: readonly Sample[], read: (sample: Sample) => number | null): Reading[] {
  return samples.map((sample) => ({ time: sample.time, value: read(sample) }));
}

function waitsFor(app: string, missing: readonly string[]): string | null {
  return missing.length > 0 ? `${app} waits for ${missing.join(", ")}` : null;
}

/** The delays of the users stored within the window that ends with the last sample. */
function delayOf(samples: readonly Sample[], windowMs: number): Delay {
  const observed = observedSince(samples, (samples.at(-1)?.time ?? 0) - windowMs);
  return {
    p50: observed && quantile(observed, 0.5),
    p99: observed && quantile(observed, 0.99),
    count: observed ? countOf(observed) : 0,
    windowSeconds: windowMs / 1000,
  };
}

/** At each sample, a quantile of the delays of the users stored in the minute before it; null when there were none. */
function delaysOf(samples: readonly Sample[], q: number): (number | null)[] {
  return samples.map((sample, i) => {
    const observed = observedSince(samples.slice(0, i + 1), sample.time - DELAY_POINT_MS);
    return observed && quantile(observed, q);
  });
}

function observedSince(samples: readonly Sample[], begin: number): Histogram | null {
  const read = samples
    .filter(({ time }) => time >= begin)
    .flatMap(({ sink }) => (sink.ok && sink.figures.delay ? [sink.figures.delay] : []));
  const [first, last] = [read[0], read.at(-1)];
  return first && last ? between(first, last) : null;
}

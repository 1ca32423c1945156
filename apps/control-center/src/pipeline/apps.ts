import { reasonOf } from "@pipeline/common";
import { type Histogram, histogramOf } from "./histogram";
import { parseMetrics, type Series, sumOf } from "./prometheus";

const TIMEOUT_MS = 3_000;

/** An app of the pipeline that answers /metrics. */
export type AppName = "producer" | "stream" | "sink";

/** What an app told, or why it did not. */
export type AppReading<T> = { ok: true; figures: T } | { ok: false; reason: string };

export interface ProducerFigures {
  published: number | null;
  rejected: number | null;
  slotLagBytes: number | null;
  /** Names of what it cannot use now. */
  missing: string[];
}

export interface StreamFigures {
  /** Queries that do not run. */
  stopped: string[];
}

export interface SinkFigures {
  delay: Histogram | null;
  missing: string[];
}

/** Reads the metrics of the pipeline's apps over HTTP. */
export class Apps {
  /** @param urls where each answers, without trailing slash; undefined when that is not known */
  constructor(private readonly urls: Readonly<Record<AppName, string | undefined>>) {}

  producer(): Promise<AppReading<ProducerFigures>> {
    return this.#read("producer", (series) => ({
      published: sumOf(series, "producer_rows_published_total"),
      rejected: sumOf(series, "producer_rows_rejected_total"),
      slotLagBytes: sumOf(series, "producer_slot_lag_bytes"),
      missing: missingOf(series),
    }));
  }

  stream(): Promise<AppReading<StreamFigures>> {
    return this.#read("stream", (series) => ({
      stopped: series
        .filter(({ name, value }) => name === "stream_query_active" && value === 0)
        .map(({ labels }) => labels["query"] ?? "unnamed"),
    }));
  }

  sink(): Promise<AppReading<SinkFigures>> {
    return this.#read("sink", (series) => ({
      delay: histogramOf(series, "sink_staged_to_stored_seconds"),
      missing: missingOf(series),
    }));
  }

  async #read<T>(app: AppName, figuresOf: (series: Series[]) => T): Promise<AppReading<T>> {
    const url = this.urls[app];
    if (url === undefined) return { ok: false, reason: `the address of the ${app} is not configured` };
    try {
      const response = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
      if (!response.ok) throw new Error(`HTTP ${response.status}`);
      return { ok: true, figures: figuresOf(parseMetrics(await response.text())) };
    } catch (error) {
      // fetch says only "fetch failed"; the reason is its cause.
      const { cause = error } = error as Error;
      return { ok: false, reason: `the ${app} does not answer: ${reasonOf(cause)}` };
    }
  }
}

function missingOf(series: readonly Series[]): string[] {
  return series
    .filter(({ name, value }) => name === "dependency_up" && value === 0)
    .map(({ labels }) => labels["dependency"] ?? "something");
}

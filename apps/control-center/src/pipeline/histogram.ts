import type { Series } from "./prometheus";

/** A Prometheus histogram: observations up to each bound, cumulative; bounds rise and end with Infinity. */
export type Histogram = readonly { le: number; count: number }[];

/** Reads a histogram out of metrics; null when it is not there. */
export function histogramOf(series: readonly Series[], name: string): Histogram | null {
  const buckets = series
    .filter((one) => one.name === `${name}_bucket`)
    .map(({ labels, value }) => ({
      le: labels["le"] === "+Inf" ? Infinity : Number(labels["le"]),
      count: value,
    }))
    .sort((a, b) => a.le - b.le);
  return buckets.length > 0 ? buckets : null;
}

/**
 * The observations between two readings. A histogram that counts less than before was reset, so all its observations
 * came after the first reading.
 */
export function between(before: Histogram, after: Histogram): Histogram {
  const wasReset = after.some(({ count }, i) => count < (before[i]?.count ?? 0));
  if (wasReset || before.length !== after.length) return after;
  return after.map(({ le, count }, i) => ({ le, count: count - before[i]!.count }));
}

/** Number of observations. */
export function countOf(histogram: Histogram): number {
  return histogram.at(-1)?.count ?? 0;
}

/**
 * The value that a share `q` (0 to 1) of the observations do not exceed, taking them as evenly spread within a bucket;
 * the greatest bound when it lies beyond; null without observations.
 */
export function quantile(histogram: Histogram, q: number): number | null {
  const total = countOf(histogram);
  if (total <= 0) return null;
  const rank = q * total;
  let lower = { le: 0, count: 0 };
  for (const bucket of histogram) {
    if (bucket.count >= rank && bucket.count > lower.count) {
      if (bucket.le === Infinity) return lower.le;
      return lower.le + ((bucket.le - lower.le) * (rank - lower.count)) / (bucket.count - lower.count);
    }
    lower = bucket;
  }
  return lower.le;
}

import type { Chart } from "../api";

/** Series of values at the times of the samples. */
export function chartOf(
  samples: readonly { time: number }[],
  series: Record<string, (number | null)[]>,
): Chart {
  return {
    times: samples.map(({ time }) => time),
    series: Object.entries(series).map(([name, values]) => ({ name, values })),
  };
}

/** A counter as it was read at some time; null when it could not be read. */
export interface Reading {
  time: number;
  value: number | null;
}

/**
 * Growth of a counter over readings in order of time. A counter that falls was reset, so its next value is growth since
 * then. Null with fewer than two values.
 */
export function growth(readings: readonly Reading[]): number | null {
  const known = readings.filter((reading): reading is Reading & { value: number } => reading.value !== null);
  if (known.length < 2) return null;
  let sum = 0;
  for (let i = 1; i < known.length; i++) {
    const { value } = known[i]!;
    const before = known[i - 1]!.value;
    sum += value >= before ? value - before : value;
  }
  return sum;
}

/** Growth per second over the readings of the last `windowMs`; null with fewer than two values in it. */
export function ratePerSecond(readings: readonly Reading[], windowMs: number): number | null {
  const end = readings.at(-1)?.time ?? 0;
  const known = readings.filter(({ time, value }) => time >= end - windowMs && value !== null);
  const grown = growth(known);
  if (grown === null) return null;
  const seconds = (known.at(-1)!.time - known[0]!.time) / 1000;
  return seconds > 0 ? grown / seconds : null;
}

/** At each reading, the growth per second over the `windowMs` before it; null where nothing is known. */
export function ratesOf(readings: readonly Reading[], windowMs: number): (number | null)[] {
  return readings.map(({ value }, i) =>
    value === null ? null : ratePerSecond(readings.slice(0, i + 1), windowMs),
  );
}

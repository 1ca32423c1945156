/** What passed a hop and what waited before it at some time; null when it could not be read. */
export interface Progress {
  time: number;
  passed: number | null;
  waiting: number | null;
}

/**
 * Since when nothing has passed a hop although something waits: the time of the last reading at which it still moved,
 * or at which nothing waited. Null when it is not stalled: it moves, or nothing waits, or not for `patienceMs` yet.
 * Readings that failed say nothing either way.
 *
 * @param readings in order of time
 */
export function stalledSince(readings: readonly Progress[], patienceMs: number): number | null {
  const known = readings.filter(({ passed, waiting }) => passed !== null && waiting !== null);
  const last = known.at(-1);
  if (!last) return null;
  let since = last.time;
  for (const reading of known.toReversed()) {
    if (reading.passed !== last.passed) break;
    since = reading.time;
    if (reading.waiting === 0) break;
  }
  return last.waiting! > 0 && last.time - since >= patienceMs ? since : null;
}

/** Readings of the recent past, oldest first; the oldest go when they are older than the span. */
export class History<T extends { time: number }> {
  readonly #entries: T[] = [];

  constructor(private readonly spanMs: number) {}

  add(entry: T): void {
    this.#entries.push(entry);
    const begin = entry.time - this.spanMs;
    while (this.#entries[0]!.time < begin) this.#entries.shift();
  }

  get entries(): readonly T[] {
    return this.#entries;
  }
}

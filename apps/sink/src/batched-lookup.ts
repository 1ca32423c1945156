/** Looks many keys up with one request; absent keys are left out of the answer. */
type LookUp<V> = (keys: string[]) => Promise<Map<string, V>>;

interface Waiting<V> {
  key: string;
  resolve: (value: V | undefined) => void;
  reject: (error: unknown) => void;
}

/**
 * Joins single look-ups into few requests: one is sent at once when fewer than {@link maxRequests} are on their way;
 * what is asked meanwhile waits and goes with the next. So a lone look-up is not delayed, and under load a request
 * carries many keys. Nothing is remembered between requests.
 */
export class BatchedLookup<V> {
  #waiting: Waiting<V>[] = [];
  #inFlight = 0;
  #scheduled = false;

  /**
   * @param maxKeys most keys in one request
   * @param maxRequests most requests at a time
   */
  constructor(
    private readonly lookUp: LookUp<V>,
    private readonly maxKeys: number,
    private readonly maxRequests: number,
  ) {}

  /** The value of the key, or undefined when there is none. */
  get(key: string): Promise<V | undefined> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ key, resolve, reject });
      this.#schedule();
    });
  }

  /** Sends after this turn of the event loop, so that all that is asked in it goes together. */
  #schedule(): void {
    if (this.#scheduled || this.#waiting.length === 0 || this.#inFlight >= this.maxRequests) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      void this.#send(this.#waiting.splice(0, this.maxKeys));
      this.#schedule();
    });
  }

  async #send(batch: Waiting<V>[]): Promise<void> {
    this.#inFlight++;
    try {
      const values = await this.lookUp([...new Set(batch.map(({ key }) => key))]);
      for (const { key, resolve } of batch) resolve(values.get(key));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      this.#inFlight--;
      this.#schedule();
    }
  }
}

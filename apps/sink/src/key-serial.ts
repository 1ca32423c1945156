/** Runs tasks of the same key one after the other, in the order they were given; tasks of different keys side by side. */
export class KeySerial {
  readonly #last = new Map<string, Promise<unknown>>();

  /** @returns what the task returns; a task that failed does not keep the next from running */
  async run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const previous = this.#last.get(key);
    const current = previous ? previous.then(task, task) : task();
    this.#last.set(key, current);
    try {
      return await current;
    } finally {
      if (this.#last.get(key) === current) this.#last.delete(key);
    }
  }
}

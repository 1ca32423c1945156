/**
 * Asks once for all who want to know at about the same time: answers are kept for a moment, failures are not.
 */
export class Shared<T> {
  readonly #answers = new Map<string, { at: number; answer: Promise<T> }>();

  /** @param keepMs how long an answer is good */
  constructor(private readonly keepMs: number) {}

  /** The answer under this key: a recent one, or what `ask` says now. */
  get(key: string, ask: () => Promise<T>): Promise<T> {
    const now = Date.now();
    for (const [old, { at }] of this.#answers) if (now - at >= this.keepMs) this.#answers.delete(old);
    const known = this.#answers.get(key);
    if (known) return known.answer;
    const answer = ask();
    this.#answers.set(key, { at: now, answer });
    answer.catch(() => this.#answers.delete(key));
    return answer;
  }
}

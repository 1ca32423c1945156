/**
 * Which of a batch's records are done, where records finish in any order: only the unbroken run of done records at the
 * beginning may be committed. Pure. Works with positions in the batch, not offsets, as offsets may have gaps
 * (compaction, transactions).
 */
export class OffsetTracker {
  readonly #done: boolean[];
  #prefix = 0;

  /** @param count number of records in the batch */
  constructor(count: number) {
    this.#done = new Array<boolean>(count).fill(false);
  }

  /** The record at this position (from 0) is stored, or a dead letter is. */
  acknowledge(position: number): void {
    if (!(position in this.#done)) throw new RangeError(`no record at position ${position}`);
    this.#done[position] = true;
    while (this.#done[this.#prefix]) this.#prefix++;
  }

  /** Number of records at the beginning that are all done. */
  get prefix(): number {
    return this.#prefix;
  }
}

import type { RawRecord } from "../cluster-reader";
import { type Entry, entryOf } from "./read";

/**
 * The open dead letters: set aside, and not replayed since. A record that was set aside several times counts once, as
 * its newest letter. The ledger holds keys and offsets only, about 100 bytes for each letter.
 */
export class LetterLedger {
  readonly #newest = new Map<string, number>();
  readonly #replayed = new Map<string, number>();
  #open = 0;

  /** Takes a record of the topic into account; their order does not matter, nor does seeing one twice. */
  note(record: RawRecord): void {
    const { kind, key, offset } = entryOf(record);
    const offsets = kind === "letter" ? this.#newest : this.#replayed;
    const known = offsets.get(key);
    if (known !== undefined && known >= offset) return;
    const wasOpen = this.isOpen(key);
    offsets.set(key, offset);
    this.#open += Number(this.isOpen(key)) - Number(wasOpen);
  }

  /** How many letters there are. */
  get total(): number {
    return this.#newest.size;
  }

  /** How many of them are open. */
  get open(): number {
    return this.#open;
  }

  /** Whether there is an open letter with this key. */
  isOpen(key: string): boolean {
    const newest = this.#newest.get(key);
    return newest !== undefined && newest > (this.#replayed.get(key) ?? -1);
  }

  /** Whether this is the letter that counts, of those with its key. */
  isNewest({ kind, key, offset }: Entry): boolean {
    return kind === "letter" && this.#newest.get(key) === offset;
  }

  /** The offsets of the newest letters, the newest first. */
  newestOffsets(limit: number): number[] {
    const offsets = Float64Array.from(this.#newest.values()).sort();
    return [...offsets.slice(-limit).reverse()];
  }
}

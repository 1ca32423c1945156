import type { RawRecord } from "../cluster-reader";
import { OffsetTable } from "./offset-table";
import { type Entry, entryOf } from "./read";

/**
 * The open dead letters: set aside, and not replayed since. A record that was set aside several times counts once, as
 * its newest letter. Two million letters take 64 MiB.
 */
export class LetterLedger {
  readonly #offsets = new OffsetTable();
  #total = 0;
  #open = 0;

  /** Takes a record of the topic into account; their order does not matter, nor does seeing one twice. */
  note(record: RawRecord): void {
    const { kind, key, offset } = entryOf(record);
    const before = this.#offsets.get(key);
    if (before[kind] >= offset) return;
    this.#offsets.set(key, kind, offset);
    const after = { ...before, [kind]: offset };
    this.#total += Number(kind === "letter" && before.letter < 0);
    this.#open += Number(isOpen(after)) - Number(isOpen(before));
  }

  /** How many letters there are. */
  get total(): number {
    return this.#total;
  }

  /** How many of them are open. */
  get open(): number {
    return this.#open;
  }

  /** Whether there is an open letter with this key. */
  isOpen(key: string): boolean {
    return isOpen(this.#offsets.get(key));
  }

  /** Whether this is the letter that counts, of those with its key. */
  isNewest({ kind, key, offset }: Entry): boolean {
    return kind === "letter" && this.#offsets.get(key).letter === offset;
  }

  /** The offsets of the newest letters, the newest first. */
  newestOffsets(limit: number): number[] {
    return this.#offsets.newestLetters(limit);
  }
}

function isOpen({ letter, marker }: { letter: number; marker: number }): boolean {
  return letter > marker;
}

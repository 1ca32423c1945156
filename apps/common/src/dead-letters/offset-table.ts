import { createHash } from "node:crypto";

/** Share of slots that may be used. */
const MAX_LOAD = 0.85;
const INITIAL_SLOTS = 1024;

/**
 * The offsets of the newest letter and the newest marker of each key, in 16 bytes for each of at least as many slots as keys:
 * a Map of two million keys would need more memory than the Control Center has. Keys are known by 64 bits of their hash; of
 * two million, two have the same once in ten million topics.
 */
export class OffsetTable {
  #hashes = new BigUint64Array(INITIAL_SLOTS);
  /** Offsets plus one; 0: none. */
  #letters = new Uint32Array(INITIAL_SLOTS);
  #markers = new Uint32Array(INITIAL_SLOTS);
  #size = 0;
  /** The greatest entry of {@link #letters}. */
  #greatest = 0;

  /** The offsets of a key, -1 where there is none. */
  get(key: string): { letter: number; marker: number } {
    const slot = this.#slotOf(hashOf(key));
    return { letter: this.#letters[slot]! - 1, marker: this.#markers[slot]! - 1 };
  }

  /** @param offset below 2^32 - 1 */
  set(key: string, kind: "letter" | "marker", offset: number): void {
    if (this.#size >= this.#hashes.length * MAX_LOAD) this.#grow();
    const hash = hashOf(key);
    const slot = this.#slotOf(hash);
    if (this.#hashes[slot] === 0n) this.#size++;
    this.#hashes[slot] = hash;
    (kind === "letter" ? this.#letters : this.#markers)[slot] = offset + 1;
    if (kind === "letter") this.#greatest = Math.max(this.#greatest, offset + 1);
  }

  /** The offsets of the newest letters, the newest first. */
  newestLetters(limit: number): number[] {
    // To sort all would take a second. The newest are usually among the last offsets, as far as letters are not replaced.
    for (let window = 2 * limit; ; window *= 8) {
      const after = Math.max(0, this.#greatest - window);
      const found = this.#letters.filter((offset) => offset > after);
      if (found.length < limit && after > 0) continue;
      return Array.from(found.sort().slice(-limit).reverse(), (offset) => offset - 1);
    }
  }

  /** The slot of a hash, or the empty one where it belongs. */
  #slotOf(hash: bigint): number {
    const mask = this.#hashes.length - 1;
    for (let slot = Number(hash & BigInt(mask)); ; slot = (slot + 1) & mask) {
      const there = this.#hashes[slot];
      if (there === hash || there === 0n) return slot;
    }
  }

  #grow(): void {
    const [hashes, letters, markers] = [this.#hashes, this.#letters, this.#markers];
    const slots = hashes.length * 2;
    this.#hashes = new BigUint64Array(slots);
    this.#letters = new Uint32Array(slots);
    this.#markers = new Uint32Array(slots);
    hashes.forEach((hash, old) => {
      if (hash === 0n) return;
      const slot = this.#slotOf(hash);
      this.#hashes[slot] = hash;
      this.#letters[slot] = letters[old]!;
      this.#markers[slot] = markers[old]!;
    });
  }
}

/** Never 0, which marks an empty slot. */
function hashOf(key: string): bigint {
  return createHash("sha1").update(key).digest().readBigUInt64LE() || 1n;
}

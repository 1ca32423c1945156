import type { DeadLetter } from "./dead-letter";

/** How many letters a stage has set aside for a reason. */
export interface ReasonCount {
  stage: string;
  reason: string;
  count: number;
}

/** Counts letters by stage and reason. */
export class ReasonCounter {
  readonly #counts = new Map<string, ReasonCount>();

  add(letter: Pick<DeadLetter, "stage" | "reason">): void {
    const stage = letter.stage ?? "unknown";
    const reason = letter.reason ?? "no reason given";
    const entry = this.#counts.get(`${stage}\0${reason}`);
    if (entry) entry.count++;
    else this.#counts.set(`${stage}\0${reason}`, { stage, reason, count: 1 });
  }

  /** The most frequent first. */
  get counts(): ReasonCount[] {
    return [...this.#counts.values()].sort((a, b) => b.count - a.count || a.reason.localeCompare(b.reason));
  }
}

/** How many letters there are of each stage and reason, the most frequent first. */
export function countByReason(letters: readonly Pick<DeadLetter, "stage" | "reason">[]): ReasonCount[] {
  const counter = new ReasonCounter();
  for (const letter of letters) counter.add(letter);
  return counter.counts;
}

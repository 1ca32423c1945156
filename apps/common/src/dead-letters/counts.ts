import type { DeadLetter } from "./dead-letter";

/** How many letters a stage has set aside for a reason. */
export interface ReasonCount {
  stage: string;
  reason: string;
  count: number;
}

/** How many letters there are of each stage and reason, the most frequent first. */
export function countByReason(letters: readonly Pick<DeadLetter, "stage" | "reason">[]): ReasonCount[] {
  const counts = new Map<string, ReasonCount>();
  for (const letter of letters) {
    const stage = letter.stage ?? "unknown";
    const reason = letter.reason ?? "no reason given";
    const entry = counts.get(`${stage}\0${reason}`);
    if (entry) entry.count++;
    else counts.set(`${stage}\0${reason}`, { stage, reason, count: 1 });
  }
  return [...counts.values()].sort((a, b) => b.count - a.count || a.reason.localeCompare(b.reason));
}

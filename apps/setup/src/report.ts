/** What happened to a thing. */
export type Outcome = "created" | "updated" | "unchanged";

/** Tells the reader of a job's log what happened and what it waits for. */
export interface Report {
  /** One line for one thing, aligned with the others. */
  thing(kind: string, name: string, outcome: Outcome, detail?: string): void;
  /** A line about something that is not there yet. */
  waiting(text: string): void;
}

const KIND_WIDTH = 9;
const NAME_WIDTH = 34;
const OUTCOME_WIDTH = "unchanged".length;

/** A report that writes its lines with `write`. */
export function reportTo(write: (line: string) => void): Report {
  return {
    thing: (kind, name, outcome, detail = "") =>
      write(
        [kind.padEnd(KIND_WIDTH), name.padEnd(NAME_WIDTH), outcome.padEnd(OUTCOME_WIDTH), detail]
          .join("  ")
          .trimEnd(),
      ),
    waiting: write,
  };
}

/** The outcome seen by comparing a thing's state before (`null`: it did not exist) and after. */
export function outcomeOf(before: unknown, after: unknown): Outcome {
  if (before === null || before === undefined) return "created";
  return JSON.stringify(before) === JSON.stringify(after) ? "unchanged" : "updated";
}

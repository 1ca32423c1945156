import type { DeadLetter } from "@pipeline/common/dead-letters";
import { UserError } from "../errors";
import type { RejectedRows } from "./rejected";

/** The user's choice of what to replay: exactly one of these options. */
export interface Choice {
  /** Text that the reason must contain. */
  readonly reason?: string;
  /** An offset of users_dlq, or a range with both ends included. */
  readonly offsets?: string;
  readonly all?: boolean;
}

/** Predicates that select what to replay. */
export interface Selection {
  readonly letter: (letter: DeadLetter) => boolean;
  readonly rejected: (rows: RejectedRows) => boolean;
}

/**
 * Parses a choice.
 * @throws UserError for no option, more than one option, or an invalid range
 */
export function selectionOf({ reason, offsets, all }: Choice): Selection {
  const given = [reason, offsets, all].filter((each) => each !== undefined);
  if (given.length !== 1) {
    throw new UserError(
      `cannot choose what to replay: got ${given.length} options; ` +
        'expected one of REASON="text in the reason", OFFSETS=10-20, ALL=1; run: make dlq',
    );
  }
  if (offsets !== undefined) {
    const { first, last } = rangeOf(offsets);
    return { letter: ({ offset }) => offset >= first && offset <= last, rejected: () => false };
  }
  const matches = (each: { reason: string | null }) =>
    all === true || (each.reason ?? "").includes(reason ?? "");
  return { letter: matches, rejected: matches };
}

function rangeOf(text: string): { first: number; last: number } {
  const [, first, last = first] = /^(\d{1,15})(?:-(\d{1,15}))?$/.exec(text) ?? [];
  if (first === undefined || Number(first) > Number(last)) {
    throw new UserError(
      `invalid OFFSETS: got "${text}"; expected an offset of users_dlq such as 7, or a range such as 10-20; run: make dlq`,
    );
  }
  return { first: Number(first), last: Number(last) };
}

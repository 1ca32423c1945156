import type { DeadLetter } from "../../../apps/common/src/dead-letters";
import { UserError } from "../errors";
import type { RejectedRows } from "./rejected";

/** What the user chose to send again: exactly one of these. */
export interface Choice {
  /** Text that the reason contains. */
  readonly reason?: string;
  /** An offset of users_dlq, or a range that includes both its ends. */
  readonly offsets?: string;
  readonly all?: boolean;
}

/** Tells which of what was set aside is chosen. */
export interface Selection {
  readonly letter: (letter: DeadLetter) => boolean;
  readonly rejected: (rows: RejectedRows) => boolean;
}

/**
 * Understands a choice.
 * @throws UserError when there is none, or more than one, or a range that is none
 */
export function selectionOf({ reason, offsets, all }: Choice): Selection {
  const given = [reason, offsets, all].filter((each) => each !== undefined);
  if (given.length !== 1) {
    throw new UserError(
      'choose what to send again, one of: make replay REASON="text in the reason", make replay OFFSETS=10-20, make replay ALL=1',
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
      `OFFSETS is "${text}"; allowed: an offset of users_dlq such as 7, or a range such as 10-20, as make dlq shows them`,
    );
  }
  return { first: Number(first), last: Number(last) };
}

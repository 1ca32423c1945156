/** Result of one check. */
export interface Finding {
  /** Subject of the check, e.g. "memory". */
  readonly subject: string;
  /** Whether the check allows a deploy. */
  readonly ok: boolean;
  /** State in a few words. */
  readonly state: string;
  /** Remedies, one per line. */
  readonly remedies: readonly string[];
}

/** Creates a finding that allows a deploy. */
export function fine(subject: string, state: string): Finding {
  return { subject, ok: true, state, remedies: [] };
}

/** Creates a finding that prevents a deploy. */
export function problem(subject: string, state: string, ...remedies: readonly string[]): Finding {
  return { subject, ok: false, state, remedies };
}

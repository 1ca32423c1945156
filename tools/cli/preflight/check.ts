/** What one check found. */
export interface Finding {
  /** What was looked at, e.g. "memory". */
  readonly subject: string;
  /** Whether the pipeline can be deployed as far as this is concerned. */
  readonly ok: boolean;
  /** How it stands, in a few words. */
  readonly state: string;
  /** What to do about it, a line each. */
  readonly remedies: readonly string[];
}

/** Nothing has to be done. */
export function fine(subject: string, state: string): Finding {
  return { subject, ok: true, state, remedies: [] };
}

/** Something has to be done before the pipeline can be deployed. */
export function problem(subject: string, state: string, ...remedies: readonly string[]): Finding {
  return { subject, ok: false, state, remedies };
}

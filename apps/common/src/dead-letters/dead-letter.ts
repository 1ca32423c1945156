/** A dead letter, without its bytes. What is missing or wrong in its headers is null. */
export interface DeadLetter {
  /** Identifies it: the same record set aside twice has the same key. */
  key: string;
  /** Where the letter is in the topic of dead letters. */
  partition: number;
  offset: number;
  /** Milliseconds since the epoch. */
  time: number;
  stage: string | null;
  errorClass: string | null;
  reason: string | null;
  /** Where the record came from; its key as text, or `0x…` when it is none. */
  source: { topic: string | null; partition: number | null; offset: number | null; key: string | null };
  schemaId: number | null;
  /** Bytes of the record's value. */
  size: number;
}

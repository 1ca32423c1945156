/**
 * A position in PostgreSQL's write-ahead log, in bytes from its beginning. PostgreSQL writes it as two hexadecimal
 * halves, `16/B374D848`.
 */
export type Lsn = bigint;

/** Reads PostgreSQL's text form. */
export function parseLsn(text: string): Lsn {
  const [high, low] = text.split("/");
  return (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`);
}

/** Writes PostgreSQL's text form. */
export function formatLsn(lsn: Lsn): string {
  return `${(lsn >> 32n).toString(16)}/${(lsn & 0xffffffffn).toString(16)}`.toUpperCase();
}

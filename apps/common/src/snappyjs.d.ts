/** The part of snappyjs that is used here; it has no types. */
declare module "snappyjs" {
  /** @throws if the bytes become more than a number of bytes */
  export function uncompress(bytes: Uint8Array, maxLength: number): Uint8Array;
  export function compress(bytes: Uint8Array): Uint8Array;
}

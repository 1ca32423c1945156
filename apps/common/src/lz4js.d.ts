/** The part of lz4js that is used here; it has no types. */
declare module "lz4js" {
  /** Most bytes that a frame can become. */
  export function decompressBound(frame: Uint8Array): number;
  export function decompress(frame: Uint8Array): Uint8Array;
  export function compress(bytes: Uint8Array): Uint8Array;
}

declare module "lz4js/xxh32" {
  export function hash(seed: number, bytes: Uint8Array, start: number, length: number): number;
}

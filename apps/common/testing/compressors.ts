import { gzipSync } from "node:zlib";
import { CompressionCodecs, CompressionTypes } from "kafkajs";
import lz4 from "lz4js";
import xxh32 from "lz4js/xxh32";
import snappy from "snappyjs";

/** The codecs of Kafka, by name. */
export const CODECS = {
  gzip: CompressionTypes.GZIP,
  snappy: CompressionTypes.Snappy,
  lz4: CompressionTypes.LZ4,
  zstd: CompressionTypes.ZSTD,
} as const;

/** Has the producers of this process compress, which the apps do not, as other programs' producers do. */
export function compressBatches(): void {
  const write = (type: keyof typeof CompressionCodecs, compress: (bytes: Buffer) => Uint8Array) => {
    CompressionCodecs[type] = () => ({
      compress: ({ buffer }: { buffer: Buffer }) => Promise.resolve(Buffer.from(compress(buffer))),
    });
  };
  write(CODECS.gzip, gzipSync);
  write(CODECS.snappy, (bytes) => snappy.compress(bytes));
  write(CODECS.lz4, lz4Frame);
  write(CODECS.zstd, zstdFrame);
}

/** A frame of LZ4 that says that its blocks are independent, without which brokers refuse it; the package does not say so. */
function lz4Frame(bytes: Buffer): Buffer {
  const frame = Buffer.from(lz4.compress(bytes));
  frame[4]! |= 0x20;
  // The checksum of the two bytes of the descriptor.
  frame[6] = (xxh32.hash(0, frame, 4, 2) >>> 8) & 0xff;
  return frame;
}

/** A frame of Zstandard with one block that is not compressed, see RFC 8878: no package for Node.js 20 compresses. */
export function zstdFrame(bytes: Buffer): Buffer {
  const head = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xa0, 0, 0, 0, 0, 0, 0, 0]);
  head.writeUInt32LE(bytes.length, 5);
  head.writeUIntLE((bytes.length << 3) | 1, 9, 3);
  return Buffer.concat([head, bytes]);
}

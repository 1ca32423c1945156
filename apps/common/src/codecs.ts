import { randomUUID } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { Decompress } from "fzstd";
import { CompressionCodecs, CompressionTypes, type IHeaders } from "kafkajs";
import encodeRecord from "kafkajs/src/protocol/recordBatch/record/v0";
import lz4 from "lz4js";
import snappy from "snappyjs";

/**
 * Most bytes that a compressed batch may become. A broker takes a batch of 1 MiB, which decompresses to less than this
 * unless it was made to fill the memory of its readers.
 */
const MAX_BATCH_BYTES = 32 * 1024 * 1024;

/** Header of records that stand for those of a batch that could not be decompressed. No other program knows the name. */
export const UNREADABLE = `unreadable-${randomUUID()}`;

/**
 * Has kafkajs read every codec of Kafka, of which it knows gzip only. The packages are pure JavaScript, so that they can
 * be bundled: `node:zlib` has Zstandard from Node.js 22.15 on.
 *
 * Where a batch cannot be decompressed, kafkajs would throw away the whole answer of the broker and ask again for ever.
 * Such a batch is read as records without values, which {@link unreadableReason} recognizes.
 */
export function readEveryCodec(): void {
  decompressWith(CompressionTypes.GZIP, "gzip", gunzip);
  decompressWith(CompressionTypes.Snappy, "snappy", unsnappy);
  decompressWith(CompressionTypes.LZ4, "lz4", unlz4);
  decompressWith(CompressionTypes.ZSTD, "zstd", unzstd);
}

function decompressWith(type: Codec, name: string, decompress: Decompressor): void {
  CompressionCodecs[type] = () => ({
    compress: () => Promise.reject(new Error(`this project does not compress batches; got ${name}`)),
    decompress: (bytes: Buffer) => Promise.resolve(readable(name, decompress, bytes)),
  });
}

/** Why a record could not be read, or undefined for every other record. */
export function unreadableReason(headers: IHeaders | undefined): string | undefined {
  return headers?.[UNREADABLE]?.toString();
}

type Codec = keyof typeof CompressionCodecs;
type Decompressor = (bytes: Buffer) => Uint8Array;

/** Decompresses the records of a batch; replaces them when that is impossible. */
function readable(codec: string, decompress: Decompressor, bytes: Buffer): Buffer {
  try {
    return asBuffer(decompress(bytes));
  } catch (error) {
    const reason = `its batch (${codec}) cannot be decompressed: ${error instanceof Error ? error.message : String(error)}`;
    const replaced = replacement(bytes, reason);
    if (replaced === undefined) throw new Error(reason, { cause: error });
    return replaced;
  }
}

/** Bytes of a batch's header, which end with the number of records: https://kafka.apache.org/documentation/#recordbatch */
const HEADER_BYTES = 61;
const MAGIC_AT = 16;
const LAST_OFFSET_DELTA_AT = 23;
const COUNT_AT = 57;

/**
 * As many records as a batch has, at its first and its last offset and between them. The first one has the compressed
 * bytes of all as its value.
 * @param bytes the records of a batch, as kafkajs slices them from the broker's answer: the header lies before them
 * @returns undefined for batches of Kafka before 0.11, which have no such header
 */
function replacement(bytes: Buffer, reason: string): Buffer | undefined {
  const start = bytes.byteOffset - HEADER_BYTES;
  if (start < 0) return undefined;
  const header = Buffer.from(bytes.buffer, start, HEADER_BYTES);
  if (header.readInt8(MAGIC_AT) !== 2) return undefined;
  const count = header.readInt32BE(COUNT_AT);
  const lastDelta = header.readInt32BE(LAST_OFFSET_DELTA_AT);
  const records = Array.from({ length: count }, (_, i) =>
    encodeRecord({
      // A compacted batch has gaps; where they are stands in what cannot be read.
      offsetDelta: i === count - 1 ? lastDelta : i,
      key: null,
      value: i === 0 ? bytes : null,
      headers: { [UNREADABLE]: Buffer.from(reason) },
    }),
  );
  return Buffer.concat(records.map(({ buffer }) => buffer));
}

function gunzip(bytes: Buffer): Uint8Array {
  return gunzipSync(bytes, { maxOutputLength: MAX_BATCH_BYTES });
}

/** Java's clients write blocks behind a header: https://github.com/xerial/snappy-java#compatibility-notes */
const XERIAL = Buffer.from([0x82, ...Buffer.from("SNAPPY"), 0]);
const XERIAL_HEADER_BYTES = 16;

function unsnappy(bytes: Buffer): Uint8Array {
  if (!bytes.subarray(0, XERIAL.length).equals(XERIAL)) return snappy.uncompress(bytes, MAX_BATCH_BYTES);
  const blocks: Uint8Array[] = [];
  let size = 0;
  for (let at = XERIAL_HEADER_BYTES; at < bytes.length; ) {
    const length = bytes.readInt32BE(at);
    at += 4;
    const block = snappy.uncompress(bytes.subarray(at, at + length), MAX_BATCH_BYTES - size);
    at += length;
    size += block.length;
    blocks.push(block);
  }
  return Buffer.concat(blocks);
}

function unlz4(bytes: Buffer): Uint8Array {
  if (lz4.decompressBound(bytes) > MAX_BATCH_BYTES) throw tooLarge();
  return lz4.decompress(bytes);
}

function unzstd(bytes: Buffer): Uint8Array {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const stream = new Decompress((chunk) => {
    size += chunk.length;
    if (size > MAX_BATCH_BYTES) throw tooLarge();
    chunks.push(chunk);
  });
  stream.push(bytes, true);
  return Buffer.concat(chunks);
}

function tooLarge(): Error {
  return new Error(`more than ${MAX_BATCH_BYTES / 1024 / 1024} MiB`);
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

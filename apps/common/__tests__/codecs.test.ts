import { gzipSync } from "node:zlib";
import { readEveryCodec, unreadableReason } from "@pipeline/common/codecs";
import { zstdFrame } from "@pipeline/common/testing/compressors";
import { CompressionTypes, type IHeaders } from "kafkajs";
import encodeRecord from "kafkajs/src/protocol/recordBatch/record/v0";
import lz4 from "lz4js";
import snappy from "snappyjs";

interface ReadRecord {
  readonly offset: string;
  readonly value: Buffer | null;
  readonly headers: IHeaders;
}
// eslint-disable-next-line @typescript-eslint/no-require-imports -- kafkajs has no types for these
const decodeBatch = require("kafkajs/src/protocol/recordBatch/v0/decoder") as (
  decoder: unknown,
) => Promise<{ records: ReadRecord[] }>;
// eslint-disable-next-line @typescript-eslint/no-require-imports
const Decoder = require("kafkajs/src/protocol/decoder") as new (bytes: Buffer) => unknown;

readEveryCodec();

const VALUES = ["one", "two", "three ".repeat(100)];
const RECORDS = Buffer.concat(
  VALUES.map(
    (value, offsetDelta) =>
      encodeRecord({ offsetDelta, key: null, value: Buffer.from(value), headers: {} }).buffer,
  ),
);

/** A batch as it stands in a log, from offset 40 on. */
function batchOf(
  codec: CompressionTypes,
  records: Uint8Array,
  count = VALUES.length,
  last = count - 1,
): Buffer {
  const header = Buffer.alloc(61);
  header.writeBigInt64BE(40n, 0);
  header.writeInt32BE(49 + records.length, 8);
  header.writeInt8(2, 16);
  header.writeInt16BE(codec, 21);
  header.writeInt32BE(last, 23);
  header.writeInt32BE(count, 57);
  return Buffer.concat([header, records]);
}

const read = async (batch: Buffer) => (await decodeBatch(new Decoder(batch))).records;

/** As Java's clients write it: a header, then blocks with their lengths. */
function xerial(bytes: Buffer, blockSize: number): Buffer {
  const blocks: Buffer[] = [Buffer.from("82534e41505059000000000100000001", "hex")];
  for (let at = 0; at < bytes.length; at += blockSize) {
    const block = snappy.compress(bytes.subarray(at, at + blockSize));
    const length = Buffer.alloc(4);
    length.writeInt32BE(block.length);
    blocks.push(length, Buffer.from(block));
  }
  return Buffer.concat(blocks);
}

test.each([
  ["gzip", CompressionTypes.GZIP, gzipSync(RECORDS)],
  ["snappy", CompressionTypes.Snappy, snappy.compress(RECORDS)],
  ["snappy of Java's clients", CompressionTypes.Snappy, xerial(RECORDS, 100)],
  ["lz4", CompressionTypes.LZ4, lz4.compress(RECORDS)],
  ["zstd", CompressionTypes.ZSTD, zstdFrame(RECORDS)],
])("reads batches of %s", async (_name, codec, bytes) => {
  const records = await read(batchOf(codec, bytes));
  expect(records.map(({ offset, value }) => [offset, value?.toString()])).toEqual(
    VALUES.map((value, i) => [String(40 + i), value]),
  );
  expect(records.map(({ headers }) => unreadableReason(headers))).toEqual([undefined, undefined, undefined]);
});

test.each([
  ["gzip", CompressionTypes.GZIP],
  ["snappy", CompressionTypes.Snappy],
  ["lz4", CompressionTypes.LZ4],
  ["zstd", CompressionTypes.ZSTD],
])(
  "a batch of %s that cannot be decompressed is records with their offsets and the reason",
  async (name, codec) => {
    const bytes = Buffer.from("no such thing");
    const records = await read(batchOf(codec, bytes, 3, 5));
    expect(records.map(({ offset }) => offset)).toEqual(["40", "41", "45"]);
    for (const { headers } of records) {
      expect(unreadableReason(headers)).toMatch(
        new RegExp(`^its batch \\(${name}\\) cannot be decompressed: .+`),
      );
    }
    expect(records.map(({ value }) => value)).toEqual([bytes, null, null]);
  },
);

test("a batch that would become larger than memory is not decompressed", async () => {
  const bomb = gzipSync(Buffer.alloc(40 * 1024 * 1024));
  const [record] = await read(batchOf(CompressionTypes.GZIP, bomb, 1));
  expect(unreadableReason(record!.headers)).toMatch(/cannot be decompressed: /);
});

test("a header that another program wrote does not make a record unreadable", () => {
  expect(unreadableReason({ unreadable: "yes" })).toBeUndefined();
  expect(unreadableReason(undefined)).toBeUndefined();
});

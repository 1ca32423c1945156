/** How kafkajs writes a record in a batch, see codecs.ts for why. */
declare module "kafkajs/src/protocol/recordBatch/record/v0" {
  function encodeRecord(record: {
    offsetDelta: number;
    key: Buffer | null;
    value: Buffer | null;
    headers: Record<string, Buffer>;
  }): { readonly buffer: Buffer };

  export = encodeRecord;
}

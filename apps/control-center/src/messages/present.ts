import { AvroDecoder, type RawRecord, reasonOf, shown, textOf } from "@pipeline/common";
import type { Content, MessageView } from "../api";
import type { AvroValues } from "./avro-values";
import { masked } from "./masking";

/**
 * A record as the browser gets it. Whatever is wrong with the record becomes part of the answer; this never throws.
 *
 * @param reveal whether personal data leaves the server; without it, bytes that cannot be decoded do not either
 */
export async function present(record: RawRecord, avro: AvroValues, reveal: boolean): Promise<MessageView> {
  const { topic, partition, offset, time, key, value, headers } = record;
  return {
    topic,
    partition,
    offset,
    time,
    key: key && shown(key),
    headers: headers.map((header) => ({ name: header.name, value: shown(header.value) })),
    schemaId: AvroDecoder.schemaIdOf(value) ?? null,
    size: value?.length ?? 0,
    content: await contentOf(record, avro, reveal),
  };
}

async function contentOf(
  { value, unreadable }: RawRecord,
  avro: AvroValues,
  reveal: boolean,
): Promise<Content> {
  if (unreadable !== undefined) return { kind: "bytes", reason: unreadable, hex: null, text: null };
  if (value === null) return { kind: "tombstone" };
  const id = AvroDecoder.schemaIdOf(value);
  if (id !== undefined) {
    try {
      const { schema, value: decoded } = await avro.decode(value, id);
      return { kind: "avro", schema, ...(reveal ? { value: decoded, masked: 0 } : masked(decoded)) };
    } catch (error) {
      return bytesContent(value, reasonOf(error), reveal);
    }
  }
  const parsed = jsonOf(value);
  if (parsed !== undefined)
    return { kind: "json", ...(reveal ? { value: parsed, masked: 0 } : masked(parsed)) };
  return bytesContent(value, "not in the wire format of the Schema Registry", reveal);
}

function bytesContent(value: Buffer, reason: string, reveal: boolean): Content {
  const text = reveal ? (textOf(value) ?? null) : null;
  return { kind: "bytes", reason, hex: reveal ? value.toString("hex") : null, text };
}

/** The object or array that the bytes are as JSON text, or undefined. */
function jsonOf(value: Buffer): unknown {
  const text = textOf(value);
  if (text === undefined || !/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

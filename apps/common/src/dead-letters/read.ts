import type { RawRecord } from "../cluster-reader";
import { shown } from "../text";
import type { DeadLetter } from "./dead-letter";
import { DLQ_HEADERS } from "./headers";

/** The meaning of a record of the topic of dead letters. */
export type Entry =
  | { kind: "letter"; key: string; offset: number }
  /** The letter with this key and offset was replayed. */
  | { kind: "marker"; key: string; offset: number };

/** Whether a record is a letter or a marker, and which letter it is about. */
export function entryOf(record: RawRecord): Entry {
  const key = record.key ? shown(record.key) : `${record.partition}/${record.offset}`;
  const replayed = headerOf(record, DLQ_HEADERS.replayed);
  if (replayed === undefined) return { kind: "letter", key, offset: record.offset };
  return { kind: "marker", key, offset: parseInt(shown(replayed)) || 0 };
}

/** A letter by its headers. */
export function readLetter(record: RawRecord): DeadLetter {
  const text = (name: string) => {
    const value = headerOf(record, name);
    return value ? shown(value) : null;
  };
  const number = (name: string) => {
    const digits = text(name);
    return digits !== null && /^\d{1,16}$/.test(digits) ? Number(digits) : null;
  };
  const time = Date.parse(text(DLQ_HEADERS.time) ?? "");
  return {
    key: entryOf(record).key,
    partition: record.partition,
    offset: record.offset,
    time: Number.isNaN(time) ? record.time : time,
    stage: text(DLQ_HEADERS.stage),
    errorClass: text(DLQ_HEADERS.errorClass),
    reason: text(DLQ_HEADERS.reason),
    source: {
      topic: text(DLQ_HEADERS.topic),
      partition: number(DLQ_HEADERS.partition),
      offset: number(DLQ_HEADERS.offset),
      key: text(DLQ_HEADERS.key),
    },
    schemaId: number(DLQ_HEADERS.schemaId),
    size: record.value?.length ?? 0,
  };
}

/** The bytes of a record's header, or undefined when it has none of that name. */
export function headerOf({ headers }: RawRecord, name: string): Buffer | undefined {
  return headers.find((header) => header.name === name)?.value;
}

import type { DeadLetter, DeadLettersView } from "../api";
import type { RawRecord } from "../kafka/cluster-reader";
import { shown } from "./text";

/** A dead letter by its headers, which the sink and the stream job write alike. What is missing or wrong is null. */
export function deadLetterOf(record: RawRecord): DeadLetter {
  const header = (name: string) => {
    const found = record.headers.find((candidate) => candidate.name === `dlq.${name}`);
    return found ? shown(found.value) : null;
  };
  const number = (name: string) => {
    const text = header(name);
    return text !== null && /^\d{1,16}$/.test(text) ? Number(text) : null;
  };
  const time = Date.parse(header("time") ?? "");
  return {
    partition: record.partition,
    offset: record.offset,
    time: Number.isNaN(time) ? record.time : time,
    stage: header("stage"),
    errorClass: header("error.class"),
    reason: header("reason"),
    source: {
      topic: header("topic"),
      partition: number("partition"),
      offset: number("offset"),
      key: header("key"),
    },
    schemaId: number("schema.id"),
    size: record.value?.length ?? 0,
  };
}

/** How many letters there are of each stage and reason, the most frequent first. */
export function countByReason(letters: readonly DeadLetter[]): DeadLettersView["counts"] {
  const counts = new Map<string, DeadLettersView["counts"][number]>();
  for (const letter of letters) {
    const stage = letter.stage ?? "unknown";
    const reason = letter.reason ?? "no reason given";
    const entry = counts.get(`${stage}\0${reason}`);
    if (entry) entry.count++;
    else counts.set(`${stage}\0${reason}`, { stage, reason, count: 1 });
  }
  return [...counts.values()].sort((a, b) => b.count - a.count || a.reason.localeCompare(b.reason));
}

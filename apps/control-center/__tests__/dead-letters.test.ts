import type { RawRecord } from "../src/kafka/cluster-reader";
import { countByReason, deadLetterOf } from "../src/messages/dead-letters";

const record = (headers: Record<string, string | Buffer>): RawRecord => ({
  topic: "users_dlq",
  partition: 0,
  offset: 7,
  time: 1_700_000_000_000,
  key: Buffer.from("stream|users_created|2|41"),
  value: Buffer.from("oops"),
  headers: Object.entries(headers).map(([name, value]) => ({ name, value: Buffer.from(value) })),
});
const COMPLETE = {
  "dlq.stage": "stream",
  "dlq.reason": "the bytes do not fit the schema they name",
  "dlq.error.class": "decode",
  "dlq.topic": "users_created",
  "dlq.partition": "2",
  "dlq.offset": "41",
  "dlq.key": "u1",
  "dlq.schema.id": "3",
  "dlq.time": "2026-01-02T03:04:05.678901Z",
};

describe("deadLetterOf", () => {
  it("reads what the stages write", () => {
    expect(deadLetterOf(record(COMPLETE))).toEqual({
      partition: 0,
      offset: 7,
      time: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
      stage: "stream",
      errorClass: "decode",
      reason: "the bytes do not fit the schema they name",
      source: { topic: "users_created", partition: 2, offset: 41, key: "u1" },
      schemaId: 3,
      size: 4,
    });
  });

  it("makes the best of what is missing or wrong", () => {
    const letter = deadLetterOf(
      record({
        "dlq.partition": "two",
        "dlq.offset": "-1",
        "dlq.time": "yesterday",
        "dlq.key": Buffer.from([0xff, 0]),
      }),
    );
    expect(letter).toMatchObject({
      time: 1_700_000_000_000,
      stage: null,
      reason: null,
      source: { topic: null, partition: null, offset: null, key: "0xff00" },
      schemaId: null,
    });
  });
});

describe("countByReason", () => {
  it("counts by stage and reason, the most frequent first", () => {
    const letters = [
      deadLetterOf(record(COMPLETE)),
      deadLetterOf(record({ ...COMPLETE, "dlq.stage": "sink" })),
      deadLetterOf(record({})),
      deadLetterOf(record({ ...COMPLETE, "dlq.offset": "42" })),
    ];
    expect(countByReason(letters)).toEqual(
      [
        { stage: "stream", reason: COMPLETE["dlq.reason"], count: 2 },
        { stage: "unknown", reason: "no reason given", count: 1 },
        { stage: "sink", reason: COMPLETE["dlq.reason"], count: 1 },
      ].sort((a, b) => b.count - a.count || a.reason.localeCompare(b.reason)),
    );
  });
});

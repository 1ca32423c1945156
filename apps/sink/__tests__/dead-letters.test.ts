import { deadLetterOf } from "../src/dead-letters";
import { PermanentError } from "../src/errors";

const TIME = new Date("2026-11-21T10:00:00Z");
const RECORD = {
  topic: "users_processed",
  partition: 2,
  offset: "17",
  receivedAt: 0,
  key: Buffer.from("the-id"),
  value: Buffer.from([0, 0, 0, 1, 2, 3]),
};

test("a dead letter is identified by where the record was, and has its bytes untouched", () => {
  const { key, value, headers } = deadLetterOf(RECORD, new PermanentError("decode", "why"), TIME);
  expect(key).toBe("sink|users_processed|2|17");
  expect(value).toBe(RECORD.value);
  expect(headers).toEqual({
    "dlq.stage": "sink",
    "dlq.reason": "why",
    "dlq.error.class": "decode",
    "dlq.topic": "users_processed",
    "dlq.partition": "2",
    "dlq.offset": "17",
    "dlq.key": RECORD.key,
    "dlq.schema.id": "258",
    "dlq.time": "2026-11-21T10:00:00.000Z",
  });
});

test("what is not known is left out", () => {
  const { value, headers } = deadLetterOf(
    { ...RECORD, key: null, value: null },
    new PermanentError("decode", "no value"),
    TIME,
  );
  expect(value).toBeNull();
  expect(headers).not.toHaveProperty(["dlq.key"]);
  expect(headers).not.toHaveProperty(["dlq.schema.id"]);
});

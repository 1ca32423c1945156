import { EncodeError } from "@pipeline/common";
import { type CompleteRow, COLUMNS, isComplete, toUserCreated } from "../src/rows";

const EMPTY = Object.fromEntries(COLUMNS.map((column) => [column, null])) as CompleteRow;
const ROW: CompleteRow = {
  ...EMPTY,
  id: "7d44e3f5-6bb1-4ac4-9c47-5a8f6b0d1c55",
  first_name: "Zoë",
  version: "1795261311107431",
  staged_at: "2026-11-21 11:41:51.101938+00",
  dob: "1899-12-31 23:59:59.9995+00",
  registered_date: "2010-01-02 03:04:05+00",
};

test("numbers and times are exact, to the microsecond and to the millisecond", () => {
  expect(toUserCreated(ROW)).toEqual({
    ...EMPTY,
    id: ROW.id,
    first_name: "Zoë",
    version: 1_795_261_311_107_431,
    staged_at: 1_795_261_311_101_938,
    dob: Date.UTC(1899, 11, 31, 23, 59, 59, 999),
    registered_date: Date.UTC(2010, 0, 2, 3, 4, 5),
  });
});

test("times of the first years are not taken for those of the twentieth century", () => {
  expect(toUserCreated({ ...ROW, dob: "0001-01-01 00:00:00+00" }).dob).toBe(
    Date.parse("0001-01-01T00:00:00Z"),
  );
});

test.each([
  ["dob", "infinity"],
  ["dob", "-infinity"],
  ["dob", "0044-03-15 00:00:00+00 BC"],
  ["registered_date", "10000-01-01 00:00:00+00"],
  ["staged_at", "0001-01-01 00:00:00+00"],
  ["staged_at", null],
  ["version", "9007199254740993"],
  ["id", null],
] as const)("%s %j does not fit, and the message says which column without the value", (column, value) => {
  const encode = () => toUserCreated({ ...ROW, [column]: value });
  expect(encode).toThrow(EncodeError);
  expect(encode).toThrow(column);
  if (value) expect(encode).not.toThrow(value);
});

test("a row is complete when every column is there, null included", () => {
  expect(isComplete(ROW)).toBe(true);
  expect(isComplete({ ...ROW, address: undefined })).toBe(false);
  expect(isComplete({ id: ROW.id })).toBe(false);
});

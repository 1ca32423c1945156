import fc from "fast-check";
import { formatLsn, parseLsn } from "../src/lsn";

test("reads PostgreSQL's forms, padded or not", () => {
  expect(parseLsn("16/B374D848")).toBe(0x16_b374_d848n);
  expect(parseLsn("00000016/B374D848")).toBe(0x16_b374_d848n);
  expect(parseLsn("0/1")).toBe(1n);
});

test("the position before the beginning of a 4 GiB segment is at the end of the former", () => {
  expect(formatLsn(parseLsn("2/0") - 1n)).toBe("1/FFFFFFFF");
});

test("what is written is read back", () => {
  fc.assert(fc.property(fc.bigInt(0n, 2n ** 64n - 1n), (lsn) => parseLsn(formatLsn(lsn)) === lsn));
});

import { growth, ratePerSecond, ratesOf } from "../src/pipeline/rates";

const readings = (...values: (number | null)[]) => values.map((value, i) => ({ time: i * 5_000, value }));

describe("growth", () => {
  it("adds up", () => expect(growth(readings(10, 12, 20))).toBe(10));
  it("counts from zero after a counter was reset", () => expect(growth(readings(10, 14, 3, 5))).toBe(9));
  it("bridges what could not be read", () => expect(growth(readings(10, null, 20))).toBe(10));
  it("needs two values", () => {
    expect(growth(readings(10))).toBeNull();
    expect(growth(readings(null, 4, null))).toBeNull();
  });
});

describe("ratePerSecond", () => {
  it("is growth over time", () => expect(ratePerSecond(readings(0, 50, 100), 60_000)).toBe(10));
  it("looks at the window only", () => expect(ratePerSecond(readings(0, 1000, 1000, 1000), 10_000)).toBe(0));
  it("is unknown when the window holds one value", () => {
    expect(ratePerSecond(readings(0, 1000, null, null), 10_000)).toBeNull();
    expect(ratePerSecond([], 10_000)).toBeNull();
  });
  it("divides by the time between the values that could be read", () => {
    expect(ratePerSecond(readings(0, 50, null), 60_000)).toBe(10);
  });
});

describe("ratesOf", () => {
  it("gives one rate per reading, each over its own window", () => {
    expect(ratesOf(readings(0, 10, 10, 30), 5_000)).toEqual([null, 2, 0, 4]);
  });
  it("leaves a gap where nothing was read", () => {
    expect(ratesOf(readings(0, null, 20), 60_000)).toEqual([null, null, 2]);
  });
});

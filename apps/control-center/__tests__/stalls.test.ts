import { stalledSince } from "../src/pipeline/stalls";

/** Readings 10 s apart: [passed, waiting]. */
const readings = (...pairs: [number | null, number | null][]) =>
  pairs.map(([passed, waiting], i) => ({ time: i * 10_000, passed, waiting }));
const PATIENCE = 30_000;

describe("stalledSince", () => {
  it("is not stalled while it moves", () => {
    expect(stalledSince(readings([1, 5], [2, 5], [3, 5], [4, 5], [5, 5]), PATIENCE)).toBeNull();
  });
  it("is not stalled while nothing waits", () => {
    expect(stalledSince(readings([1, 0], [1, 0], [1, 0], [1, 0], [1, 0]), PATIENCE)).toBeNull();
  });
  it("is stalled since it last moved", () => {
    expect(stalledSince(readings([1, 5], [2, 5], [2, 6], [2, 7], [2, 8], [2, 9]), PATIENCE)).toBe(10_000);
  });
  it("is stalled since something began to wait", () => {
    expect(stalledSince(readings([2, 0], [2, 0], [2, 1], [2, 1], [2, 1], [2, 1]), PATIENCE)).toBe(10_000);
  });
  it("is given time", () => {
    expect(stalledSince(readings([2, 0], [2, 5], [2, 5]), PATIENCE)).toBeNull();
  });
  it("is no longer stalled when it moves again, though much still waits", () => {
    expect(stalledSince(readings([2, 5], [2, 5], [2, 5], [2, 5], [3, 5]), PATIENCE)).toBeNull();
  });
  it("treats the reset of a counter as progress", () => {
    expect(stalledSince(readings([9, 5], [9, 5], [9, 5], [9, 5], [0, 5]), PATIENCE)).toBeNull();
  });
  it("learns nothing from readings that failed", () => {
    expect(stalledSince(readings([2, 5], [null, null], [2, 5], [2, null], [2, 5], [null, 5]), PATIENCE)).toBe(
      0,
    );
    expect(stalledSince([], PATIENCE)).toBeNull();
  });
});

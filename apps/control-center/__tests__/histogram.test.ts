import { between, countOf, type Histogram, histogramOf, quantile } from "../src/pipeline/histogram";
import { parseMetrics } from "../src/pipeline/prometheus";

const histogram = (...counts: number[]): Histogram =>
  counts.map((count, i) => ({ le: i === counts.length - 1 ? Infinity : [0.1, 0.5, 1][i]!, count }));

describe("histogramOf", () => {
  it("reads the buckets in order", () => {
    const text = [
      'd_bucket{le="+Inf"} 3',
      'd_bucket{le="0.1",app="sink"} 1',
      'd_bucket{le="0.5"} 2',
      "d_sum 1",
    ].join("\n");
    expect(histogramOf(parseMetrics(text), "d")).toEqual([
      { le: 0.1, count: 1 },
      { le: 0.5, count: 2 },
      { le: Infinity, count: 3 },
    ]);
  });
  it("is null when it is not there", () => expect(histogramOf([], "d")).toBeNull());
});

describe("between", () => {
  it("is what came since", () => {
    expect(between(histogram(1, 5, 9, 10), histogram(1, 6, 12, 14))).toEqual(histogram(0, 1, 3, 4));
  });
  it("is all of it after a restart", () => {
    expect(between(histogram(5, 5, 9, 10), histogram(1, 6, 7, 7))).toEqual(histogram(1, 6, 7, 7));
  });
  it("is all of it when the buckets are others", () => {
    expect(between(histogram(1, 1), histogram(1, 6, 12, 14))).toEqual(histogram(1, 6, 12, 14));
  });
});

describe("quantile", () => {
  it("takes observations as evenly spread within a bucket", () => {
    expect(quantile(histogram(0, 100, 100, 100), 0.5)).toBeCloseTo(0.3);
    expect(quantile(histogram(50, 100, 100, 100), 0.25)).toBeCloseTo(0.05);
    expect(quantile(histogram(50, 100, 100, 100), 0.75)).toBeCloseTo(0.3);
  });
  it("passes over empty buckets", () => expect(quantile(histogram(0, 0, 10, 10), 0.5)).toBeCloseTo(0.75));
  it("is the greatest bound when it lies beyond", () =>
    expect(quantile(histogram(1, 1, 1, 100), 0.99)).toBe(1));
  it("is unknown without observations", () => {
    expect(quantile(histogram(0, 0, 0, 0), 0.5)).toBeNull();
    expect(quantile([], 0.5)).toBeNull();
    expect(countOf([])).toBe(0);
  });
});

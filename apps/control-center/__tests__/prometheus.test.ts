import { parseMetrics, sumOf } from "../src/pipeline/prometheus";

describe("parseMetrics", () => {
  it("reads values with and without labels", () => {
    const text =
      '# HELP a some\n# TYPE a counter\na 1\nb{x="1",y="t,w}o"} 2.5e3\n\nc{x="q\\"\\\\\\n"} 3 1700000000\n';
    expect(parseMetrics(text)).toEqual([
      { name: "a", labels: {}, value: 1 },
      { name: "b", labels: { x: "1", y: "t,w}o" }, value: 2500 },
      { name: "c", labels: { x: 'q"\\\n' }, value: 3 },
    ]);
  });
  it("passes over what is no value", () => {
    expect(parseMetrics("<html>nothing here</html>\na NaN\n{} 1\n")).toEqual([]);
  });
});

describe("sumOf", () => {
  const series = parseMetrics('n{t="a",p="0"} 1\nn{t="a",p="1"} 2\nn{t="b",p="0"} 4\n');
  it("adds up what has the labels", () => {
    expect(sumOf(series, "n")).toBe(7);
    expect(sumOf(series, "n", { t: "a" })).toBe(3);
  });
  it("is null, not 0, when there is none", () => expect(sumOf(series, "n", { t: "c" })).toBeNull());
});

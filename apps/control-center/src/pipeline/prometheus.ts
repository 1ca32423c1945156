/** One value of a metric. */
export interface Series {
  name: string;
  labels: Readonly<Record<string, string>>;
  value: number;
}

const LINE = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)(?:\s+-?\d+)?$/;
const LABEL = /([A-Za-z_]\w*)="((?:[^"\\]|\\.)*)"/g;
const ESCAPES: Readonly<Record<string, string>> = { "\\n": "\n", '\\"': '"', "\\\\": "\\" };

/** The values in Prometheus' text format. What is not a value (comments, other text) is passed over. */
export function parseMetrics(text: string): Series[] {
  const series: Series[] = [];
  for (const line of text.split("\n")) {
    const [, name, labels = "", number = ""] = LINE.exec(line.trim()) ?? [];
    const value = number === "+Inf" ? Infinity : Number(number);
    if (name === undefined || number === "" || Number.isNaN(value)) continue;
    const pairs = [...labels.matchAll(LABEL)].map(([, label, content]) => [
      label,
      content!.replace(/\\[n"\\]/g, (escape) => ESCAPES[escape]!),
    ]);
    series.push({ name, labels: Object.fromEntries(pairs) as Record<string, string>, value });
  }
  return series;
}

/** The sum of a metric over all its series that have these labels; null when there is none. */
export function sumOf(
  series: readonly Series[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | null {
  const found = series.filter(
    (one) =>
      one.name === name && Object.entries(labels).every(([label, value]) => one.labels[label] === value),
  );
  return found.length === 0 ? null : found.reduce((sum, { value }) => sum + value, 0);
}

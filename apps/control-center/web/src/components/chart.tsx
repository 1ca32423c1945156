import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import type { Chart as ChartData } from "../../../src/api";
import { clock } from "../format";

const HEIGHT = 132;
/** Colours of the series, as named in the style sheet. */
const COLOURS = ["--series-1", "--series-2", "--series-3", "--series-4"];
const SPAN_SECONDS = 15 * 60;

/** A small chart of the last 15 minutes, with a legend that tells the newest values in words too. */
export function Chart(props: { title: string; chart: ChartData; format: (value: number | null) => string }) {
  const { title, chart, format } = props;
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const formatted = useRef(format);
  const theme = useTheme();
  formatted.current = format;
  const names = chart.series.map(({ name }) => name).join("\n");

  useEffect(() => {
    const element = frame.current!;
    const show = (value: number | null) => formatted.current(value);
    plot.current = new uPlot(optionsOf(element, names.split("\n"), show), dataOf(chart), element);
    const observer = new ResizeObserver(() =>
      plot.current?.setSize({ width: element.clientWidth, height: HEIGHT }),
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.current?.destroy();
    };
    // Colours and series are fixed when the chart is made; data comes below.
  }, [names, theme]);

  useEffect(() => plot.current?.setData(dataOf(chart)), [chart]);

  const newest = chart.series.map(
    ({ name, values }) => `${name} ${format(values.findLast((v) => v !== null) ?? null)}`,
  );
  return (
    <figure class="chart">
      <figcaption>
        <h3>{title}</h3>
        <ul class="legend">
          {chart.series.map(({ name, values }, i) => (
            <li key={name}>
              <span class={`swatch series-${i + 1}`} aria-hidden="true" />
              {name} <strong>{format(values.at(-1) ?? null)}</strong>
            </li>
          ))}
        </ul>
      </figcaption>
      <div
        ref={frame}
        class="plot"
        role="img"
        aria-label={`${title}, last 15 minutes; newest: ${newest.join(", ")}`}
      />
    </figure>
  );
}

function dataOf({ times, series }: ChartData): uPlot.AlignedData {
  return [times.map((time) => time / 1000), ...series.map(({ values }) => values)];
}

function optionsOf(
  element: HTMLElement,
  names: readonly string[],
  format: (value: number | null) => string,
): uPlot.Options {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const axis = {
    stroke: colour("--text-quiet"),
    font: `11px ${style.fontFamily}`,
    grid: { stroke: colour("--border"), width: 1 },
    ticks: { show: false },
  };
  return {
    width: element.clientWidth,
    height: HEIGHT,
    padding: [8, 8, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { size: 6 } },
    scales: {
      x: { range: (_plot, _min, max) => [max - SPAN_SECONDS, max] },
      y: { range: (_plot, _min, max) => [0, max > 0 ? max * 1.1 : 1] },
    },
    axes: [
      {
        ...axis,
        size: 26,
        space: 70,
        values: (_plot, times) => times.map((time) => clock(time * 1000).slice(0, 5)),
      },
      { ...axis, size: 56, space: 36, values: (_plot, values) => values.map((value) => format(value)) },
    ],
    series: [
      {},
      ...names.map((label, i) => ({
        label,
        stroke: colour(COLOURS[i % COLOURS.length]!),
        width: 1.75,
        points: { show: false },
        spanGaps: false,
      })),
    ],
  };
}

/** Changes when the system changes between light and dark. */
function useTheme(): boolean {
  const [isDark, setDark] = useState(() => matchMedia("(prefers-color-scheme: dark)").matches);
  useEffect(() => {
    const query = matchMedia("(prefers-color-scheme: dark)");
    const update = () => setDark(query.matches);
    query.addEventListener("change", update);
    return () => query.removeEventListener("change", update);
  }, []);
  return isDark;
}

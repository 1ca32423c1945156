const WHOLE = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

/** A whole number with separators; a dash for none. */
export function count(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : WHOLE.format(value);
}

/** A rate per second with about three digits. */
export function rate(value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  if (value === 0) return "0";
  return value >= 100 ? WHOLE.format(value) : value.toFixed(value >= 10 ? 1 : 2);
}

/** A number of bytes in the largest unit that keeps it above one. */
export function bytes(value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  const unit = Math.min(UNITS.length - 1, value < 1 ? 0 : Math.floor(Math.log2(value) / 10));
  const scaled = value / 1024 ** unit;
  return `${unit === 0 || scaled >= 100 ? WHOLE.format(scaled) : scaled.toFixed(1)} ${UNITS[unit]}`;
}

/** A short time, given in seconds. */
export function delay(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined) return "–";
  return seconds < 1 ? `${WHOLE.format(seconds * 1000)} ms` : `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;
}

/** How long something lasts, given in milliseconds, in words. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} days`;
}

const pad = (value: number, width = 2) => String(value).padStart(width, "0");

/** The time of day here. */
export function clock(time: number): string {
  const date = new Date(time);
  return `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
}

/** Date and time here, to the millisecond. */
export function timestamp(time: number): string {
  const date = new Date(time);
  const day = `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  return `${day} ${clock(time)}.${pad(date.getMilliseconds(), 3)}`;
}

/** One noun with its number: 1 record, 2 records. */
export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? "" : "s"}`;
}

/** Bytes given in hexadecimal as rows of sixteen: position, bytes, text. */
export function hexDump(hex: string): string {
  const pairs = hex.match(/../g) ?? [];
  const rows: string[] = [];
  for (let start = 0; start < pairs.length; start += 16) {
    const row = pairs.slice(start, start + 16);
    const text = row
      .map((pair) => parseInt(pair, 16))
      .map((code) => (code > 31 && code < 127 ? String.fromCharCode(code) : "·"));
    rows.push(`${start.toString(16).padStart(6, "0")}  ${row.join(" ").padEnd(47)}  ${text.join("")}`);
  }
  return rows.join("\n");
}

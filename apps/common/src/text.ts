const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
// Control characters other than tab, line feed and carriage return: not text.
// eslint-disable-next-line no-control-regex
const UNPRINTABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/;

/** The bytes as text, or undefined when they are not UTF-8 that can be shown. */
export function textOf(bytes: Uint8Array): string | undefined {
  let text: string;
  try {
    text = UTF8.decode(bytes);
  } catch {
    return undefined;
  }
  return UNPRINTABLE.test(text) ? undefined : text;
}

/** The bytes as text, or as `0x` and hexadecimal digits when they are none. */
export function shown(bytes: Buffer): string {
  return textOf(bytes) ?? `0x${bytes.toString("hex")}`;
}

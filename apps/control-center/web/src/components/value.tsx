import type { ComponentChildren } from "preact";
import type { MessageView } from "../../../src/api";
import { hexDump } from "../format";

const TOKENS = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** JSON, indented, with names, texts and numbers told apart. */
export function Json({ value }: { value: unknown }) {
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  const parts: ComponentChildren[] = [];
  let end = 0;
  for (const match of text.matchAll(TOKENS)) {
    parts.push(text.slice(end, match.index));
    const [token, quoted, colon] = match;
    if (quoted && colon) parts.push(<span class="json-name">{quoted}</span>, colon);
    else
      parts.push(
        <span class={quoted ? (quoted.includes("•••••") ? "json-masked" : "json-text") : "json-literal"}>
          {token}
        </span>,
      );
    end = match.index + token.length;
  }
  parts.push(text.slice(end));
  return <pre class="code">{parts}</pre>;
}

/** Bytes as positions, hexadecimal digits and text. */
export function Bytes({ hex }: { hex: string }) {
  return <pre class="code hex">{hexDump(hex)}</pre>;
}

/** One line that tells what a message holds. */
export function summaryOf({ content, key }: MessageView): ComponentChildren {
  switch (content.kind) {
    case "tombstone":
      return <span class="quiet">tombstone: no value, the key is deleted</span>;
    case "bytes":
      return <span class="bad-text">{content.reason}</span>;
    case "avro":
    case "json":
      return <span class="one-line">{lineOf(content.value, key)}</span>;
  }
}

const TIME = /^\d{4}-\d\d-\d\dT/;

/** The fields that say something: not those that are null, masked or the same as the key; words before figures. */
function lineOf(value: unknown, key: string | null): string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return JSON.stringify(value);
  return Object.entries(value)
    .filter(([, field]) => field !== null && field !== "•••••" && field !== key)
    .sort(([, a], [, b]) => Number(!isWord(a)) - Number(!isWord(b)))
    .map(([name, field]) => `${name}: ${typeof field === "string" ? field : JSON.stringify(field)}`)
    .join("  ·  ");
}

function isWord(value: unknown): boolean {
  return typeof value === "string" && !TIME.test(value);
}

import { Fragment } from "preact";
import { useState } from "preact/hooks";
import type { MessageView } from "../../../src/api";
import { bytes, plural, timestamp } from "../format";
import { Badge } from "./page";
import { Bytes, Json, summaryOf } from "./value";

/** Messages, one line each; a press on a line shows all of it. */
export function MessageList({ messages }: { messages: readonly MessageView[] }) {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const toggle = (id: string) => {
    const next = new Set(open);
    if (!next.delete(id)) next.add(id);
    setOpen(next);
  };
  return (
    <div class="table-frame" tabIndex={0} role="region" aria-label="Messages">
      <table class="messages">
        <caption class="visually-hidden">Messages</caption>
        <thead>
          <tr>
            <th scope="col">
              <span class="visually-hidden">Details</span>
            </th>
            <th scope="col">Time</th>
            <th scope="col" class="number">
              Partition
            </th>
            <th scope="col" class="number">
              Offset
            </th>
            <th scope="col">Key</th>
            <th scope="col" class="wide">
              Value
            </th>
            <th scope="col" class="number">
              Size
            </th>
          </tr>
        </thead>
        <tbody>
          {messages.map((message) => {
            const id = `${message.partition}-${message.offset}`;
            const isOpen = open.has(id);
            return (
              <Fragment key={id}>
                <tr class={isOpen ? "open" : undefined}>
                  <td>
                    <button
                      type="button"
                      class="disclose"
                      aria-expanded={isOpen}
                      aria-controls={isOpen ? `message-${id}` : undefined}
                      aria-label={`Message ${message.offset} of partition ${message.partition}`}
                      onClick={() => toggle(id)}
                    >
                      <span aria-hidden="true">{isOpen ? "▾" : "▸"}</span>
                    </button>
                  </td>
                  <td class="nowrap">{timestamp(message.time)}</td>
                  <td class="number">{message.partition}</td>
                  <td class="number">{message.offset}</td>
                  <td>
                    <code class="key" title={message.key ?? undefined}>
                      {message.key ?? <span class="quiet">none</span>}
                    </code>
                  </td>
                  <td class="summary">{summaryOf(message)}</td>
                  <td class="number nowrap">{bytes(message.size)}</td>
                </tr>
                {isOpen && (
                  <tr class="details" id={`message-${id}`}>
                    <td colSpan={7}>
                      <Details message={message} />
                    </td>
                  </tr>
                )}
              </Fragment>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Details({ message }: { message: MessageView }) {
  const { key, headers, schemaId, content } = message;
  return (
    <div class="message-details">
      <dl class="facts">
        <dt>Key</dt>
        <dd>{key === null ? <span class="quiet">none</span> : <code class="breaks">{key}</code>}</dd>
        <dt>Schema</dt>
        <dd>
          {schemaId === null ? <span class="quiet">none</span> : `id ${schemaId}`}
          {content.kind === "avro" && <span class="quiet"> · {content.schema}</span>}
        </dd>
        <dt>Headers</dt>
        <dd>
          {headers.length === 0 ? (
            <span class="quiet">none</span>
          ) : (
            <ul class="headers">
              {headers.map(({ name, value }, i) => (
                <li key={i}>
                  <code>{name}</code> <span class="breaks">{value}</span>
                </li>
              ))}
            </ul>
          )}
        </dd>
      </dl>
      <Value message={message} />
    </div>
  );
}

function Value({ message: { content, size } }: { message: MessageView }) {
  switch (content.kind) {
    case "tombstone":
      return <p class="about">A tombstone: no value. It says that the key is deleted.</p>;
    case "avro":
    case "json":
      return (
        <div>
          {content.masked > 0 && <Badge tone="plain">{plural(content.masked, "value")} masked</Badge>}
          <Json value={content.value} />
        </div>
      );
    case "bytes":
      return (
        <div>
          <Badge tone="bad">{content.reason}</Badge>
          {content.hex === null ? (
            <p class="about">
              {bytes(size)}, hidden: they may hold personal data. “Show personal data” above shows them.
            </p>
          ) : (
            <Bytes hex={content.hex} />
          )}
          {content.text !== null && <pre class="code">{content.text}</pre>}
        </div>
      );
  }
}

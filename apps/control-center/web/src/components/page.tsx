import type { ComponentChildren } from "preact";
import type { Sampled } from "../../../src/api";
import { useEffect, useRef } from "preact/hooks";
import { clock, duration } from "../format";
import { type Loaded, useNow } from "../live";

/** The heading of a page, with what stands beside it. */
export function PageHeader(props: {
  title: string;
  about?: ComponentChildren;
  children?: ComponentChildren;
}) {
  return (
    <div class="page-header">
      <div>
        <h1 tabIndex={-1}>{props.title}</h1>
        {props.about && <p class="about">{props.about}</p>}
      </div>
      {props.children && <div class="page-actions">{props.children}</div>}
    </div>
  );
}

/** A part of a page with a heading. */
export function Section(props: {
  title: string;
  aside?: ComponentChildren;
  children: ComponentChildren;
  /** Whether it has just been asked for: the reader is taken to it. */
  isFocused?: boolean;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (props.isFocused) heading.current?.focus();
  }, [props.isFocused, props.title]);
  return (
    <section class="section">
      <div class="section-header">
        <h2 ref={heading} tabIndex={props.isFocused ? -1 : undefined}>
          {props.title}
        </h2>
        {props.aside}
      </div>
      {props.children}
    </section>
  );
}

/**
 * Figures of the sampler: a placeholder until there are any, a notice with their age while no newer ones can be read.
 */
export function SampledContent<T>(props: {
  loaded: Loaded<Sampled<T>>;
  children: (data: T) => ComponentChildren;
}) {
  const { data: answer, error, isMissing } = props.loaded;
  if (isMissing) return <Missing reason={error} />;
  const reason = error ?? answer?.problem?.reason ?? null;
  const asOf = answer?.asOf ?? null;
  const data = answer?.data ?? null;
  return (
    <>
      {reason !== null && <Stale reason={error ?? `Kafka does not answer: ${reason}`} asOf={asOf} />}
      {data !== null ? props.children(data) : reason === null && <Loading />}
    </>
  );
}

/** An answer that was asked for once: a placeholder, the error, or the content. */
export function LoadedContent<T>(props: { loaded: Loaded<T>; children: (data: T) => ComponentChildren }) {
  const { data, error, isMissing } = props.loaded;
  if (isMissing) return <Missing reason={error} />;
  if (error !== null && data === null)
    return <Problem title="Cannot read this now" reason={error} isRetried />;
  return <>{data === null ? <Loading /> : props.children(data)}</>;
}

function Stale({ reason, asOf }: { reason: string; asOf: number | null }) {
  const now = useNow();
  return (
    <div class="notice bad" role="alert">
      <strong>
        {asOf === null ? "There are no figures yet." : `These figures are from ${clock(asOf)}.`}
      </strong>{" "}
      <span>
        {reason}
        {asOf !== null && <span aria-hidden="true"> · {duration(now - asOf)} old</span>} · retrying every few
        seconds
      </span>
    </div>
  );
}

/** A problem with its cause, and whether the request is retried. */
export function Problem(props: { title: string; reason: string; isRetried?: boolean }) {
  return (
    <div class="notice bad" role="alert">
      <strong>{props.title}.</strong> <span>{props.reason}</span>
      {props.isRetried && <span> · retrying every few seconds</span>}
    </div>
  );
}

/** A normal state without anything to show. */
export function Empty(props: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="empty-title">{props.title}</p>
      {props.children && <p>{props.children}</p>}
    </div>
  );
}

function Missing({ reason }: { reason: string | null }) {
  return <Empty title="Not found">The server says: {reason}.</Empty>;
}

/** Takes the place of what is on its way. */
function Loading() {
  return (
    <div class="loading" role="status">
      <span class="visually-hidden">Loading</span>
      <span class="bar" aria-hidden="true" />
      <span class="bar" aria-hidden="true" />
      <span class="bar" aria-hidden="true" />
    </div>
  );
}

/** A figure with its name. */
export function Figure(props: { name: string; value: ComponentChildren; note?: ComponentChildren }) {
  return (
    <div class="figure">
      <dt>{props.name}</dt>
      <dd>
        <span class="value">{props.value}</span>
        {props.note && <span class="note">{props.note}</span>}
      </dd>
    </div>
  );
}

/** A word with a colour: the colour never says more than the word. */
export function Badge(props: {
  tone: "good" | "bad" | "warn" | "accent" | "plain";
  children: ComponentChildren;
}) {
  return <span class={`badge ${props.tone}`}>{props.children}</span>;
}

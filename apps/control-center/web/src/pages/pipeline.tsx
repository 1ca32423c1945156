import type { Hop, PipelineView, Sampled } from "../../../src/api";
import { Chart } from "../components/chart";
import { Badge, Figure, PageHeader, SampledContent } from "../components/page";
import { bytes, clock, count, delay, duration, rate } from "../format";
import { useLive, useNow } from "../live";

const STATES = {
  flowing: { tone: "good", word: "Flowing" },
  idle: { tone: "plain", word: "Idle" },
  stalled: { tone: "bad", word: "Stalled" },
  unknown: { tone: "warn", word: "Unknown" },
} as const;

/** Where users are, how fast they pass and what holds them up. */
export function PipelinePage() {
  const loaded = useLive<Sampled<PipelineView>>("/api/pipeline");
  return (
    <>
      <PageHeader title="Pipeline" about="Users in flight from PostgreSQL to Cassandra" />
      <SampledContent loaded={loaded}>{(view) => <Pipeline view={view} />}</SampledContent>
    </>
  );
}

function Pipeline({ view }: { view: PipelineView }) {
  const held = view.hops.filter(({ state }) => state === "stalled");
  const { p50, p99, count: stored, windowSeconds } = view.delay;
  return (
    <>
      <div aria-live="polite">
        {held.map((hop) => (
          <Stalled key={hop.id} hop={hop} />
        ))}
      </div>
      <ol class="hops" aria-label="Hops">
        {view.hops.map((hop) => (
          <HopCard key={hop.id} hop={hop} />
        ))}
      </ol>
      <dl class="figures">
        <Figure
          name="Latency p50"
          value={delay(p50)}
          note={`staged to stored, last ${windowSeconds / 60} min`}
        />
        <Figure
          name="Latency p99"
          value={delay(p99)}
          note={stored > 0 ? `of ${count(stored)} users` : "no user stored in this time"}
        />
        <Figure
          name="Dead letters"
          value={<a href="/dead-letters">{count(view.deadLetters)}</a>}
          note="not replayed"
        />
        <Figure name="Rejected rows" value={count(view.rejected)} note="since the producer started" />
      </dl>
      <div class="charts">
        <Chart title="Users per second" chart={view.rates} format={rate} />
        <Chart title="Records waiting" chart={view.waiting} format={count} />
        <Chart title="Latency, staged to stored" chart={view.delays} format={delay} />
      </div>
    </>
  );
}

function Stalled({ hop }: { hop: Hop }) {
  const now = useNow();
  return (
    <div class="notice bad">
      <strong>
        {hop.title} is stalled{hop.since !== null && ` since ${clock(hop.since)}`}.
      </strong>{" "}
      <span>{hop.note}</span>
      {hop.since !== null && <span aria-hidden="true"> · {duration(now - hop.since)}</span>}
    </div>
  );
}

function HopCard({ hop }: { hop: Hop }) {
  const { tone, word } = STATES[hop.state];
  const waiting = hop.waitingUnit === "bytes" ? bytes(hop.waiting) : count(hop.waiting);
  return (
    <li class={`hop ${hop.state}`}>
      <div class="hop-header">
        <h2>{hop.title}</h2>
        <Badge tone={tone}>{word}</Badge>
      </div>
      <p class="place">{hop.place}</p>
      <p class="rate">
        <span class="value">{rate(hop.rate)}</span> users/s
      </p>
      <dl>
        <div>
          <dt title={hop.totalOf}>Total</dt>
          <dd>{count(hop.total)}</dd>
        </div>
        <div>
          <dt>{hop.next === null ? "End" : `Waits for ${hop.next}`}</dt>
          <dd>{hop.next === null ? "–" : waiting}</dd>
        </div>
      </dl>
      {hop.note !== null && hop.state !== "stalled" && (
        <p class="note">
          {hop.note}
          {hop.since !== null && `, since ${clock(hop.since)}`}
        </p>
      )}
    </li>
  );
}

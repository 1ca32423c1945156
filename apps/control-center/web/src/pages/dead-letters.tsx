import { useState } from "preact/hooks";
import type { DeadLetterBytes, DeadLettersView, DeadLetterView } from "../../../src/api";
import { Badge, Empty, Figure, LoadedContent, PageHeader, Problem, Section } from "../components/page";
import { Table } from "../components/table";
import { Bytes } from "../components/value";
import { bytes, count, timestamp } from "../format";
import { useLive, useOnce } from "../live";
import { href } from "../router";

const LIMITS = ["50", "200", "500"];

export function DeadLettersPage() {
  const [limit, setLimit] = useState("50");
  const loaded = useLive<DeadLettersView>(href(["api", "dead-letters"], { limit }));
  return (
    <>
      <PageHeader title="Dead letters" about="Records that cannot be processed, kept unchanged">
        <label class="field">
          Newest
          <select value={limit} onChange={(event) => setLimit(event.currentTarget.value)}>
            {LIMITS.map((choice) => (
              <option key={choice}>{choice}</option>
            ))}
          </select>
        </label>
      </PageHeader>
      {loaded.error !== null && loaded.data !== null && (
        <Problem title="The data shown may be stale" reason={loaded.error} isRetried />
      )}
      <LoadedContent loaded={loaded}>{(view) => <DeadLetters view={view} />}</LoadedContent>
    </>
  );
}

function DeadLetters({ view: { topic, counts, letters, reasons } }: { view: DeadLettersView }) {
  const [open, setOpen] = useState<DeadLetterView | null>(null);
  if (letters.length === 0) {
    return (
      <Empty title="No dead letters">Every record was processed. Dead letters would be in {topic}.</Empty>
    );
  }
  const greatest = reasons[0]?.count;
  return (
    <>
      <dl class="figures">
        <Figure name="Open" value={count(counts && counts.open)} note={`in ${topic}`} />
        <Figure name="Replayed" value={count(counts && counts.total - counts.open)} note="with make replay" />
        <Figure name="Shown" value={count(letters.length)} note="the newest" />
      </dl>
      {reasons.length > 0 && (
        <Section title="By reason, open among those shown">
          <ul class="reasons">
            {reasons.map(({ stage, reason, count: number }) => (
              <li key={`${stage} ${reason}`}>
                <span class="number">{count(number)}</span>
                <meter min={0} max={greatest} value={number} aria-hidden="true" />
                <Badge tone="plain">{stage}</Badge>
                <span>{reason}</span>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {open && <Letter letter={open} onClose={() => setOpen(null)} />}
      <Section title="Letters">
        <Table
          caption="Dead letters, the newest first"
          rows={letters}
          rowKey={({ partition, offset }) => `${partition}/${offset}`}
          columns={[
            {
              title: "Time",
              cell: ({ time }) => <span class="nowrap">{timestamp(time)}</span>,
              sortBy: ({ time }) => time,
            },
            { title: "Stage", cell: ({ stage }) => <Badge tone="plain">{stage ?? "unknown"}</Badge> },
            {
              title: "Reason",
              cell: (letter) => reasonOf(letter),
              isWide: true,
              sortBy: ({ reason }) => reason ?? "",
            },
            { title: "From", cell: sourceOf },
            { title: "State", cell: stateOf, sortBy: ({ isOpen }) => Number(isOpen) },
            {
              title: "Size",
              cell: ({ size }) => <span class="nowrap">{bytes(size)}</span>,
              isNumber: true,
              sortBy: ({ size }) => size,
            },
            {
              title: "Bytes",
              cell: (letter) => (
                <button type="button" class="button small" onClick={() => setOpen(letter)}>
                  Show
                </button>
              ),
            },
          ]}
        />
      </Section>
    </>
  );
}

function stateOf({ isOpen }: DeadLetterView) {
  return isOpen ? <Badge tone="warn">open</Badge> : <Badge tone="plain">replayed</Badge>;
}

function reasonOf({ reason, errorClass }: DeadLetterView) {
  return (
    <>
      {reason ?? <span class="quiet">no reason given</span>}
      {errorClass && <span class="quiet"> · {errorClass}</span>}
    </>
  );
}

function sourceOf({ source: { topic, partition, offset, key } }: DeadLetterView) {
  if (topic === null) return <span class="quiet">unknown</span>;
  const query = { topic, partition: String(partition ?? ""), from: "offset", offset: String(offset ?? "") };
  return (
    <>
      <a class="nowrap" href={href(["messages"], query)}>
        {topic}/{partition ?? "?"} @ {offset ?? "?"}
      </a>
      {key !== null && <code class="breaks block quiet">{key}</code>}
    </>
  );
}

function Letter({ letter, onClose }: { letter: DeadLetterView; onClose: () => void }) {
  const { partition, offset } = letter;
  const loaded = useOnce<DeadLetterBytes>(`/api${href(["dead-letters", partition, offset])}`);
  const aside = (
    <button type="button" class="button small" onClick={onClose}>
      Close
    </button>
  );
  return (
    <Section title={`Bytes of dead letter ${offset}`} aside={aside} isFocused>
      <p class="about">
        Set aside because: {letter.reason ?? "no reason given"}. The bytes may hold personal data.
      </p>
      <LoadedContent loaded={loaded}>
        {({ hex, text }) =>
          hex === null ? (
            <Empty title="No bytes: the record was a tombstone" />
          ) : (
            <>
              <Bytes hex={hex} />
              {text !== null && <pre class="code">{text}</pre>}
            </>
          )
        }
      </LoadedContent>
    </Section>
  );
}

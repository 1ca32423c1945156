import { useState } from "preact/hooks";
import type { CompatibilityView, SchemaView, SubjectSummary } from "../../../src/api";
import { LoadedContent, PageHeader, Problem, Section } from "../components/page";
import { Json } from "../components/value";
import { messageOf, request, useOnce } from "../live";
import { href } from "../router";

export function SchemaPage({ subject, version }: { subject: string; version: string | null }) {
  const loaded = useOnce<SubjectSummary[]>("/api/schemas");
  return (
    <>
      <PageHeader title={subject} about={<a href="/schemas">All subjects</a>} />
      <LoadedContent loaded={loaded}>
        {(subjects) => {
          const summary = subjects.find((candidate) => candidate.subject === subject);
          if (!summary)
            return <Problem title="No such subject" reason={`The registry does not know ${subject}.`} />;
          const shown =
            summary.versions.find((known) => String(known) === version) ?? summary.versions.at(-1)!;
          return (
            <>
              <Versions summary={summary} shown={shown} />
              <Schema key={shown} subject={subject} version={shown} />
              <Check subject={subject} compatibility={summary.compatibility} />
            </>
          );
        }}
      </LoadedContent>
    </>
  );
}

function Versions({ summary, shown }: { summary: SubjectSummary; shown: number }) {
  return (
    <nav class="tabs" aria-label="Versions">
      {summary.versions.map((version) => (
        <a
          key={version}
          href={href(["schemas", summary.subject], { version: String(version) })}
          aria-current={version === shown ? "page" : undefined}
        >
          Version {version}
        </a>
      ))}
    </nav>
  );
}

function Schema({ subject, version }: { subject: string; version: number }) {
  const loaded = useOnce<SchemaView>(`/api${href(["schemas", subject, "versions", version])}`);
  return (
    <LoadedContent loaded={loaded}>
      {({ id, type, schema }) => (
        <Section title={`Version ${version}`} aside={<span class="quiet">{`${type}, schema id ${id}`}</span>}>
          <Json value={jsonOf(schema)} />
        </Section>
      )}
    </LoadedContent>
  );
}

function Check({ subject, compatibility }: { subject: string; compatibility: string }) {
  const [schema, setSchema] = useState("");
  const [isAsking, setAsking] = useState(false);
  const [answer, setAnswer] = useState<CompatibilityView | string | null>(null);
  const check = async (event: Event) => {
    event.preventDefault();
    setAsking(true);
    try {
      setAnswer(
        await request<CompatibilityView>(`/api${href(["schemas", subject, "compatibility"])}`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ schema }),
        }),
      );
    } catch (error) {
      setAnswer(messageOf(error));
    }
    setAsking(false);
  };
  return (
    <Section title="Would this be compatible?" aside={<code>{compatibility}</code>}>
      <form class="check-form" onSubmit={(event) => void check(event)}>
        <label>
          A schema to check against this subject; nothing is registered
          <textarea
            rows={10}
            spellcheck={false}
            required
            value={schema}
            placeholder='{"type": "record", "name": …}'
            onInput={(event) => {
              setSchema(event.currentTarget.value);
              setAnswer(null);
            }}
          />
        </label>
        <button type="submit" class="button primary" disabled={isAsking}>
          {isAsking ? "Asking the registry" : "Check"}
        </button>
        <div aria-live="polite">{answer !== null && <Verdict answer={answer} />}</div>
      </form>
    </Section>
  );
}

function Verdict({ answer }: { answer: CompatibilityView | string }) {
  if (typeof answer === "string") return <Problem title="Cannot check the compatibility" reason={answer} />;
  if (answer.compatible)
    return (
      <div class="notice good">
        <strong>Compatible.</strong> The schema can become the next version.
      </div>
    );
  return (
    <div class="notice bad">
      <strong>Not compatible.</strong>
      {answer.reasons.length > 0 ? (
        <ul>
          {answer.reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      ) : (
        " The registry gives no reason."
      )}
    </div>
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

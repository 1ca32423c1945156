import { useEffect, useState } from "preact/hooks";
import type { MessagesView, MessageView, Sampled, TopicSummary } from "../../../src/api";
import { MessageList } from "../components/message-list";
import { Empty, LoadedContent, PageHeader, Problem } from "../components/page";
import { count } from "../format";
import { useLive, useOnceSteadily } from "../live";
import { href, navigate } from "../router";

/** Longer lists of live messages nobody reads. */
const MAX_LIVE = 200;
const LIMITS = ["20", "50", "100", "500"];

/** What of a topic is shown: all of it is in the address. */
interface Choice {
  topic: string;
  partition: string;
  from: string;
  offset: string;
  time: string;
  limit: string;
}

export function MessagesPage({ query }: { query: URLSearchParams }) {
  const topics = useLive<Sampled<TopicSummary[]>>("/api/topics");
  const [reveal, setReveal] = useState(false);
  const [isLive, setLive] = useState(false);
  const [round, setRound] = useState(0);
  const given = (name: string, otherwise = "") => query.get(name) ?? otherwise;
  const choice: Choice = {
    topic: given("topic"),
    partition: given("partition"),
    from: given("from", "latest"),
    offset: given("offset"),
    time: given("time"),
    limit: given("limit", "50"),
  };
  const choose = (changed: Partial<Choice>) => {
    setRound(0);
    navigate(href(["messages"], { ...choice, ...changed }), { replace: true });
  };
  const known = topics.data?.data ?? [];
  const topic = known.find(({ name }) => name === choice.topic);

  return (
    <>
      <PageHeader title="Messages" about="Browsing is read-only: no consumer group, no committed offsets">
        <label class="check">
          <input
            type="checkbox"
            checked={reveal}
            onChange={(event) => setReveal(event.currentTarget.checked)}
          />
          Show personal data
        </label>
      </PageHeader>
      <form
        class="toolbar"
        aria-label="Selection of messages"
        onSubmit={(event) => {
          event.preventDefault();
          setRound(round + 1);
        }}
      >
        <label class="field">
          Topic
          <select
            data-filter
            value={choice.topic}
            onChange={(e) => choose({ topic: e.currentTarget.value, partition: "" })}
          >
            <option value="">Choose a topic</option>
            {choice.topic !== "" && !topic && <option>{choice.topic}</option>}
            {["", "internal"].map((kind) => (
              <optgroup key={kind} label={kind === "" ? "Topics" : "Internal topics"}>
                {known
                  .filter(({ isInternal }) => isInternal === (kind !== ""))
                  .map(({ name }) => (
                    <option key={name}>{name}</option>
                  ))}
              </optgroup>
            ))}
          </select>
        </label>
        <label class="field">
          Partition
          <select
            value={choice.partition}
            onChange={(event) => choose({ partition: event.currentTarget.value })}
          >
            <option value="">all</option>
            {Array.from({ length: topic?.partitions ?? 0 }, (_, id) => (
              <option key={id}>{id}</option>
            ))}
          </select>
        </label>
        <label class="field">
          Start
          <select
            value={choice.from}
            disabled={isLive}
            onChange={(event) => choose({ from: event.currentTarget.value })}
          >
            <option value="latest">newest</option>
            <option value="offset">at an offset</option>
            <option value="time">at a time</option>
          </select>
        </label>
        {choice.from === "offset" && (
          <label class="field">
            Offset
            <input
              type="number"
              min={0}
              step={1}
              value={choice.offset}
              onChange={(event) => choose({ offset: event.currentTarget.value })}
            />
          </label>
        )}
        {choice.from === "time" && (
          <label class="field">
            Time
            <input
              type="datetime-local"
              step={1}
              value={choice.time}
              onChange={(event) => choose({ time: event.currentTarget.value })}
            />
          </label>
        )}
        <label class="field">
          At most
          <select
            value={choice.limit}
            disabled={isLive}
            onChange={(event) => choose({ limit: event.currentTarget.value })}
          >
            {LIMITS.map((limit) => (
              <option key={limit}>{limit}</option>
            ))}
          </select>
        </label>
        <div class="toolbar-end">
          <button type="submit" class="button" disabled={isLive || choice.topic === ""}>
            Reload
          </button>
          <button
            type="button"
            class="button"
            aria-pressed={isLive}
            disabled={choice.topic === ""}
            onClick={() => setLive(!isLive)}
          >
            {isLive ? "Stop following" : "Follow live"}
          </button>
        </div>
      </form>
      {choice.topic === "" ? (
        <Empty title="Choose a topic">Its newest messages load immediately.</Empty>
      ) : isLive ? (
        <LiveMessages key={choice.topic} topic={choice.topic} partition={choice.partition} reveal={reveal} />
      ) : (
        <ReadMessages choice={choice} reveal={reveal} round={round} />
      )}
    </>
  );
}

function ReadMessages({ choice, reveal, round }: { choice: Choice; reveal: boolean; round: number }) {
  const { topic, partition, from, limit } = choice;
  const time = from === "time" ? String(new Date(choice.time).getTime()) : "";
  const isIncomplete = (from === "offset" && choice.offset === "") || (from === "time" && time === "NaN");
  if (isIncomplete) return <Empty title={from === "time" ? "Choose a time" : "Choose an offset"} />;
  const offset = from === "offset" ? choice.offset : "";
  const again = round > 0 ? String(round) : "";
  const url = href(["api", "topics", topic, "messages"], {
    partition,
    from,
    offset,
    time,
    limit,
    reveal: reveal ? "1" : "",
    again,
  });
  return <Answer key={topic} url={url} />;
}

function Answer({ url }: { url: string }) {
  const loaded = useOnceSteadily<MessagesView>(url);
  return (
    <LoadedContent loaded={loaded}>
      {({ messages, note }) =>
        messages.length === 0 ? (
          <Empty title="No messages here">The topic is empty, or has no messages after this start.</Empty>
        ) : (
          <>
            {note && <p class="about">{note}</p>}
            <MessageList messages={messages} />
          </>
        )
      }
    </LoadedContent>
  );
}

function LiveMessages({ topic, partition, reveal }: { topic: string; partition: string; reveal: boolean }) {
  const [messages, setMessages] = useState<MessageView[]>([]);
  const [seen, setSeen] = useState({ messages: 0, skipped: 0 });
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    const source = new EventSource(href(["api", "topics", topic, "tail"], { reveal: reveal ? "1" : "" }));
    source.addEventListener("messages", (event) => {
      const news = JSON.parse(event.data as string) as { messages: MessageView[]; skipped: number };
      setProblem(null);
      setSeen((before) => ({
        messages: before.messages + news.messages.length,
        skipped: before.skipped + news.skipped,
      }));
      setMessages((before) => [...news.messages.toReversed(), ...before].slice(0, MAX_LIVE));
    });
    source.addEventListener("problem", (event) => {
      setProblem((JSON.parse(event.data as string) as { reason: string }).reason);
    });
    source.addEventListener("error", () => setProblem("The Control Center does not answer."));
    source.addEventListener("open", () => setProblem(null));
    return () => source.close();
  }, [topic, reveal]);
  const shown = messages.filter((message) => partition === "" || String(message.partition) === partition);
  return (
    <>
      <p class="live-status" role="status">
        <span class="dot good pulse" aria-hidden="true" /> Following {topic}: {count(seen.messages)} messages
        {seen.skipped > 0 && `, ${count(seen.skipped)} more came too fast to show`}
      </p>
      {problem !== null && <Problem title="Cannot follow the topic now" reason={problem} isRetried />}
      {shown.length === 0 ? <Empty title="Waiting for the next message" /> : <MessageList messages={shown} />}
    </>
  );
}

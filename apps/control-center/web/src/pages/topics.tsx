import { useState } from "preact/hooks";
import type { Sampled, TopicSummary } from "../../../src/api";
import { Filter, matches } from "../components/filter";
import { Badge, Empty, PageHeader, SampledContent } from "../components/page";
import { Table } from "../components/table";
import { count, rate } from "../format";
import { useLive } from "../live";
import { href } from "../router";

export function TopicsPage() {
  const loaded = useLive<Sampled<TopicSummary[]>>("/api/topics");
  const [filter, setFilter] = useState("");
  const [isAll, setAll] = useState(false);
  return (
    <>
      <PageHeader title="Topics" about="Topics of the cluster, with their size and growth">
        <label class="check">
          <input type="checkbox" checked={isAll} onChange={(event) => setAll(event.currentTarget.checked)} />
          Include internal topics
        </label>
        <Filter label="Filter topics" value={filter} onInput={setFilter} />
      </PageHeader>
      <SampledContent loaded={loaded}>
        {(topics) => {
          const rows = topics.filter(
            ({ name, isInternal }) => (isAll || !isInternal) && matches(name, filter),
          );
          if (rows.length === 0)
            return <Empty title={filter ? "No topic matches" : "There is no topic yet"} />;
          return (
            <Table
              caption="Topics"
              rows={rows}
              rowKey={({ name }) => name}
              columns={[
                {
                  title: "Topic",
                  cell: ({ name, isInternal }) => (
                    <>
                      <a href={href(["topics", name])}>{name}</a>{" "}
                      {isInternal && <Badge tone="plain">internal</Badge>}
                    </>
                  ),
                  sortBy: ({ name }) => name,
                  isWide: true,
                },
                {
                  title: "Partitions",
                  cell: (t) => count(t.partitions),
                  isNumber: true,
                  sortBy: (t) => t.partitions,
                },
                {
                  title: "Messages",
                  cell: (t) => count(t.messages),
                  isNumber: true,
                  sortBy: (t) => t.messages,
                },
                {
                  title: "Messages/s",
                  cell: (t) => rate(t.rate),
                  isNumber: true,
                  sortBy: (t) => t.rate ?? -1,
                },
                {
                  title: "Replicas",
                  cell: ({ underReplicated }) =>
                    underReplicated === 0 ? (
                      <Badge tone="good">in sync</Badge>
                    ) : (
                      <Badge tone="bad">{underReplicated} under-replicated</Badge>
                    ),
                  sortBy: ({ underReplicated }) => underReplicated,
                },
                {
                  title: "Browse",
                  cell: ({ name }) => <a href={href(["messages"], { topic: name })}>Messages</a>,
                },
              ]}
            />
          );
        }}
      </SampledContent>
    </>
  );
}

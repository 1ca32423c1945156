import type { Sampled, TopicView } from "../../../src/api";
import { Chart } from "../components/chart";
import { ConfigTable } from "../components/config-table";
import { Badge, Figure, PageHeader, SampledContent, Section } from "../components/page";
import { Table } from "../components/table";
import { count, rate } from "../format";
import { useLive } from "../live";
import { href } from "../router";

export function TopicPage({ name }: { name: string }) {
  const loaded = useLive<Sampled<TopicView>>(`/api${href(["topics", name])}`);
  return (
    <>
      <PageHeader title={name} about={<a href="/topics">All topics</a>}>
        <a class="button" href={href(["messages"], { topic: name })}>
          Browse messages
        </a>
      </PageHeader>
      <SampledContent loaded={loaded}>
        {(topic) => (
          <>
            <dl class="figures">
              <Figure name="Messages" value={count(topic.messages)} note="between first and last offset" />
              <Figure name="Messages per second" value={rate(topic.rate)} note="over the last minute" />
              <Figure name="Partitions" value={count(topic.partitions)} />
              <Figure
                name="Under-replicated"
                value={count(topic.underReplicated)}
                note={
                  topic.underReplicated === 0
                    ? "every replica is in sync"
                    : "partitions lack a replica in sync"
                }
              />
            </dl>
            <div class="charts one">
              <Chart title="Messages per second" chart={topic.chart} format={rate} />
            </div>
            <Section title="Partitions">
              <Table
                caption={`Partitions of ${name}`}
                rows={topic.partitionList}
                rowKey={({ id }) => id}
                columns={[
                  { title: "Partition", cell: ({ id }) => id, sortBy: ({ id }) => id },
                  {
                    title: "Leader",
                    cell: ({ leader }) => (leader < 0 ? <Badge tone="bad">none</Badge> : `broker ${leader}`),
                  },
                  { title: "Replicas", cell: ({ replicas }) => replicas.join(", ") },
                  {
                    title: "In sync",
                    cell: ({ replicas, inSync }) => (
                      <>
                        {inSync.join(", ") || "none"}{" "}
                        {inSync.length < replicas.length && (
                          <Badge tone="bad">
                            {inSync.length} of {replicas.length}
                          </Badge>
                        )}
                      </>
                    ),
                  },
                  {
                    title: "First offset",
                    cell: ({ first }) => count(first),
                    isNumber: true,
                    sortBy: (p) => p.first,
                  },
                  {
                    title: "Next offset",
                    cell: ({ next }) => count(next),
                    isNumber: true,
                    sortBy: (p) => p.next,
                  },
                  {
                    title: "Messages",
                    cell: ({ first, next }) => count(next - first),
                    isNumber: true,
                    sortBy: ({ first, next }) => next - first,
                  },
                ]}
              />
            </Section>
            <ConfigTable title="Configuration" url={`/api${href(["topics", name, "config"])}`} />
          </>
        )}
      </SampledContent>
    </>
  );
}

import type { GroupView, Sampled } from "../../../src/api";
import { Chart } from "../components/chart";
import { GroupState } from "../components/group-state";
import { Empty, Figure, PageHeader, Problem, SampledContent, Section } from "../components/page";
import { Table } from "../components/table";
import { count, plural } from "../format";
import { useLive } from "../live";
import { href } from "../router";

export function GroupPage({ id }: { id: string }) {
  const loaded = useLive<Sampled<GroupView>>(`/api${href(["groups", id])}`);
  return (
    <>
      <PageHeader title={id} about={<a href="/groups">All consumer groups</a>} />
      <SampledContent loaded={loaded}>
        {(group) => (
          <>
            {group.problem !== null && (
              <Problem title="Not all of this group can be read" reason={group.problem} />
            )}
            <dl class="figures">
              <Figure name="State" value={<GroupState state={group.state} />} />
              <Figure
                name="Members"
                value={count(group.members)}
                note={group.protocol && `assigned by ${group.protocol}`}
              />
              <Figure name="Lag" value={count(group.lag)} note="records not yet committed" />
            </dl>
            <div class="charts one">
              <Chart title="Lag by topic" chart={group.chart} format={count} />
            </div>
            <Section title="Partitions">
              {group.partitions.length === 0 ? (
                <Empty title="No committed offsets and no assigned partitions" />
              ) : (
                <Table
                  caption={`Partitions of ${id}`}
                  rows={group.partitions}
                  rowKey={({ topic, partition }) => `${topic}/${partition}`}
                  columns={[
                    {
                      title: "Topic",
                      cell: ({ topic }) => <a href={href(["topics", topic])}>{topic}</a>,
                      sortBy: ({ topic }) => topic,
                      isWide: true,
                    },
                    {
                      title: "Partition",
                      cell: (p) => p.partition,
                      isNumber: true,
                      sortBy: (p) => p.partition,
                    },
                    {
                      title: "Committed",
                      cell: (p) => count(p.committed),
                      isNumber: true,
                      sortBy: (p) => p.committed ?? -1,
                    },
                    {
                      title: "Next offset",
                      cell: (p) => count(p.next),
                      isNumber: true,
                      sortBy: (p) => p.next,
                    },
                    { title: "Lag", cell: (p) => count(p.lag), isNumber: true, sortBy: (p) => p.lag },
                    { title: "Consumer", cell: (p) => p.clientId ?? <span class="quiet">none</span> },
                  ]}
                />
              )}
            </Section>
            <Section title="Members">
              {group.memberList.length === 0 ? (
                <Empty title="This group has no members now" />
              ) : (
                <Table
                  caption={`Members of ${id}`}
                  rows={group.memberList}
                  rowKey={({ id: member }) => member}
                  columns={[
                    { title: "Client", cell: ({ clientId }) => clientId, sortBy: ({ clientId }) => clientId },
                    { title: "Host", cell: ({ host }) => <code>{host}</code> },
                    {
                      title: "Member id",
                      cell: ({ id: member }) => <code class="breaks">{member}</code>,
                      isWide: true,
                    },
                    {
                      title: "Reads",
                      cell: ({ partitions }) =>
                        partitions === null ? (
                          <span class="quiet">not known</span>
                        ) : (
                          plural(partitions, "partition")
                        ),
                      isNumber: true,
                    },
                  ]}
                />
              )}
            </Section>
          </>
        )}
      </SampledContent>
    </>
  );
}

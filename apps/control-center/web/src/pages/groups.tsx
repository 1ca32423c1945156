import { useState } from "preact/hooks";
import type { GroupSummary, Sampled } from "../../../src/api";
import { Filter, matches } from "../components/filter";
import { GroupState } from "../components/group-state";
import { Empty, PageHeader, SampledContent } from "../components/page";
import { Table } from "../components/table";
import { count } from "../format";
import { useLive } from "../live";
import { href } from "../router";

export function GroupsPage() {
  const loaded = useLive<Sampled<GroupSummary[]>>("/api/groups");
  const [filter, setFilter] = useState("");
  return (
    <>
      <PageHeader title="Consumer groups" about="Consumers and their lag">
        <Filter label="Filter groups" value={filter} onInput={setFilter} />
      </PageHeader>
      <SampledContent loaded={loaded}>
        {(groups) => {
          if (groups.length === 0) {
            return (
              <Empty title="No consumer group yet">
                Spark reads without a consumer group. The sink creates its group when it starts.
              </Empty>
            );
          }
          const rows = groups.filter(({ id }) => matches(id, filter));
          if (rows.length === 0) return <Empty title="No consumer group matches" />;
          return (
            <Table
              caption="Consumer groups"
              rows={rows}
              rowKey={({ id }) => id}
              columns={[
                {
                  title: "Group",
                  cell: ({ id }) => <a href={href(["groups", id])}>{id}</a>,
                  sortBy: ({ id }) => id,
                },
                {
                  title: "State",
                  cell: ({ state }) => <GroupState state={state} />,
                  sortBy: ({ state }) => state,
                },
                { title: "Members", cell: (g) => count(g.members), isNumber: true, sortBy: (g) => g.members },
                {
                  title: "Topics",
                  cell: ({ topics, problem }) =>
                    topics.join(", ") || (problem === null ? "–" : <span class="quiet">not known</span>),
                  isWide: true,
                },
                { title: "Lag", cell: ({ lag }) => count(lag), isNumber: true, sortBy: ({ lag }) => lag },
              ]}
            />
          );
        }}
      </SampledContent>
    </>
  );
}

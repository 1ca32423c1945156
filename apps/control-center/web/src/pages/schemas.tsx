import { useState } from "preact/hooks";
import type { SubjectSummary } from "../../../src/api";
import { Filter, matches } from "../components/filter";
import { Empty, LoadedContent, PageHeader, Problem } from "../components/page";
import { Table } from "../components/table";
import { useLive } from "../live";
import { href } from "../router";

export function SchemasPage() {
  const loaded = useLive<SubjectSummary[]>("/api/schemas");
  const [filter, setFilter] = useState("");
  return (
    <>
      <PageHeader
        title="Schemas"
        about="Subjects of the schema registry, and what their next version must fit"
      >
        <Filter label="Filter subjects" value={filter} onInput={setFilter} />
      </PageHeader>
      {loaded.error !== null && loaded.data !== null && (
        <Problem title="The data shown may be stale" reason={loaded.error} isRetried />
      )}
      <LoadedContent loaded={loaded}>
        {(subjects) => {
          const rows = subjects.filter(({ subject }) => matches(subject, filter));
          if (rows.length === 0) {
            return <Empty title={filter ? "No subject matches" : "No schema is registered yet"} />;
          }
          return (
            <Table
              caption="Subjects"
              rows={rows}
              rowKey={({ subject }) => subject}
              columns={[
                {
                  title: "Subject",
                  cell: ({ subject }) => <a href={href(["schemas", subject])}>{subject}</a>,
                  sortBy: ({ subject }) => subject,
                  isWide: true,
                },
                { title: "Type", cell: ({ type }) => type },
                {
                  title: "Compatibility",
                  cell: ({ compatibility }) => <code>{compatibility}</code>,
                  sortBy: (s) => s.compatibility,
                },
                {
                  title: "Versions",
                  cell: ({ versions }) => versions.length,
                  isNumber: true,
                  sortBy: (s) => s.versions.length,
                },
                { title: "Latest", cell: ({ versions }) => versions.at(-1), isNumber: true },
              ]}
            />
          );
        }}
      </LoadedContent>
    </>
  );
}

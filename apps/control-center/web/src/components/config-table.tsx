import { useState } from "preact/hooks";
import type { ConfigEntry } from "../../../src/api";
import { useOnce } from "../live";
import { Filter, matches } from "./filter";
import { Badge, Empty, LoadedContent, Section } from "./page";
import { Table } from "./table";

/** The configuration at a URL: the entries that were set, or all of them. */
export function ConfigTable(props: { title: string; url: string }) {
  const loaded = useOnce<ConfigEntry[]>(props.url);
  const [filter, setFilter] = useState("");
  const [isAll, setAll] = useState(false);
  const aside = (
    <div class="controls">
      <label class="check">
        <input type="checkbox" checked={isAll} onChange={(event) => setAll(event.currentTarget.checked)} />
        Include defaults
      </label>
      <Filter label="Filter settings" value={filter} onInput={setFilter} />
    </div>
  );
  return (
    <Section title={props.title} aside={aside}>
      <LoadedContent loaded={loaded}>
        {(entries) => {
          const rows = entries.filter(
            ({ name, isDefault }) => (isAll || !isDefault) && matches(name, filter),
          );
          if (rows.length === 0) {
            return (
              <Empty title={isAll ? "No setting matches" : "No setting that is not the default matches"} />
            );
          }
          return (
            <Table
              caption={props.title}
              rows={rows}
              rowKey={({ name }) => name}
              columns={[
                { title: "Setting", cell: ({ name }) => <code>{name}</code>, sortBy: ({ name }) => name },
                { title: "Value", cell: valueOf, isWide: true },
                {
                  title: "Set by",
                  cell: ({ isDefault, source }) => (
                    <Badge tone={isDefault ? "plain" : "accent"}>{isDefault ? "default" : source}</Badge>
                  ),
                  sortBy: ({ source }) => source,
                },
              ]}
            />
          );
        }}
      </LoadedContent>
    </Section>
  );
}

function valueOf({ value }: ConfigEntry) {
  if (value === null) return <span class="quiet">not shown</span>;
  return value === "" ? <span class="quiet">empty</span> : <code class="breaks">{value}</code>;
}

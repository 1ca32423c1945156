import type { BrokersView, Sampled } from "../../../src/api";
import { ConfigTable } from "../components/config-table";
import { Badge, Figure, PageHeader, SampledContent } from "../components/page";
import { Table } from "../components/table";
import { count } from "../format";
import { useLive } from "../live";

export function BrokersPage() {
  const loaded = useLive<Sampled<BrokersView>>("/api/brokers");
  return (
    <>
      <PageHeader title="Brokers" about="Brokers of the cluster and their configuration" />
      <SampledContent loaded={loaded}>
        {({ brokers, partitions, underReplicated }) => (
          <>
            <dl class="figures">
              <Figure name="Brokers" value={count(brokers.length)} />
              <Figure name="Partitions" value={count(partitions)} />
              <Figure
                name="Under-replicated"
                value={count(underReplicated)}
                note={
                  underReplicated === 0 ? "every replica is in sync" : "partitions lack a replica in sync"
                }
              />
            </dl>
            <Table
              caption="Brokers"
              rows={brokers}
              rowKey={({ id }) => id}
              columns={[
                { title: "Broker", cell: ({ id }) => id, sortBy: ({ id }) => id },
                { title: "Address", cell: ({ address }) => <code>{address}</code>, isWide: true },
                {
                  title: "Role",
                  cell: ({ isController }) =>
                    isController ? <Badge tone="good">controller</Badge> : "broker",
                },
                {
                  title: "Partitions led",
                  cell: ({ leads }) => count(leads),
                  isNumber: true,
                  sortBy: ({ leads }) => leads,
                },
                {
                  title: "Replicas",
                  cell: ({ replicas }) => count(replicas),
                  isNumber: true,
                  sortBy: ({ replicas }) => replicas,
                },
              ]}
            />
            {brokers.map(({ id }) => (
              <ConfigTable
                key={id}
                title={`Configuration of broker ${id}`}
                url={`/api/brokers/${id}/config`}
              />
            ))}
          </>
        )}
      </SampledContent>
    </>
  );
}

import { Badge } from "./page";

/** A consumer group's state in Kafka's word, with what it means. */
export function GroupState({ state }: { state: string }) {
  if (state === "Stable") return <Badge tone="good">stable</Badge>;
  if (state === "Empty") return <Badge tone="plain">empty: no members</Badge>;
  if (state.endsWith("Rebalance")) return <Badge tone="warn">rebalancing</Badge>;
  return <Badge tone="bad">{state.toLowerCase()}</Badge>;
}

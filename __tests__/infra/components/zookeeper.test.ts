import { checkFacts } from "../../support/containers";
import { compareComponent } from "../../support/reviewed";

compareComponent("zookeeper");

checkFacts([
  ["zookeeper", "clients inside and on the host use port 2181", { published: { 2181: 2181 } }],
  ["zookeeper", "it runs as the user of the official image", { user: "1000:1000" }],
  [
    "zookeeper",
    "data and transaction log are kept: without them the broker meets another cluster id",
    { mounts: { "/var/lib/zookeeper/data": "zookeeper-data", "/var/lib/zookeeper/log": "zookeeper-log" } },
  ],
  [
    "zookeeper",
    "the heap leaves memory for what is outside it",
    { memory: 256, env: { KAFKA_HEAP_OPTS: "-Xmx96m" } },
  ],
  ["zookeeper", "old snapshots are purged", { env: { ZOOKEEPER_AUTOPURGE_PURGE_INTERVAL: "24" } }],
  [
    "zookeeper",
    "the probe sends srvr, which no allow-list has to name",
    { probe: { handler: expect.stringContaining("\\x73\\x72\\x76\\x72") as string } },
  ],
]);

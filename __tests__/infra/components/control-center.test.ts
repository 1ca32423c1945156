import { checkFacts, containerOf } from "../../support/containers";
import { compareComponent } from "../../support/reviewed";
import { TARGETS } from "../../support/stacks";

compareComponent("control-center", ["build"]);

checkFacts([
  ["control-center", "it is on port 9021 of the host", { env: { PORT: "9021" }, published: { 9021: 9021 } }],
  ["control-center", "it runs as the user node", { user: "1000:1000" }],
  ["control-center", "its memory limit is 192 MiB", { memory: 192 }],
  ["control-center", "it is ready when it says so", { probe: { handler: "GET :9021/readyz" } }],
  [
    "control-center",
    "it knows the cluster, and the topics in the order in which users pass through",
    {
      env: {
        CONTROL_CENTER_BOOTSTRAP_SERVERS: "broker:29092",
        CONTROL_CENTER_SCHEMA_REGISTRY_URL: "http://schema-registry:8081",
        KAFKA_CREATED_TOPIC: "users_created",
        KAFKA_PROCESSED_TOPIC: "users_processed",
        KAFKA_DLQ_TOPIC: "users_dlq",
      },
    },
  ],
  [
    "control-center",
    "it reads the metrics of every app",
    {
      env: {
        PRODUCER_URL: "http://producer:8080",
        STREAM_URL: "http://spark-stream:8080",
        SINK_URL: "http://sink:8080",
      },
    },
  ],
]);

test.each(TARGETS)("it looks, and is given no password and no volume: %s", (target) => {
  const { files, mounts } = containerOf(target, "control-center");
  expect({ files, mounts }).toEqual({ files: {}, mounts: {} });
});

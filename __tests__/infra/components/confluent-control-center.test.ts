import { checkFacts } from "../../support/containers";
import { compareComponent } from "../../support/reviewed";

compareComponent("control-center", ["pull"]);

checkFacts(
  [
    [
      "control-center",
      "it is on port 9021 of the host",
      { env: { PORT: "9021" }, published: { 9021: 9021 } },
    ],
    ["control-center", "it runs as the user of the official image", { user: "1000:1000" }],
    [
      "control-center",
      "the heap leaves memory for what is outside it",
      { memory: 2048, env: { CONTROL_CENTER_OPTS: "-Xms1024m -Xmx1024m" } },
    ],
    [
      "control-center",
      "its state is kept in a volume",
      { mounts: { "/var/lib/confluent-control-center": "control-center-data" } },
    ],
    [
      "control-center",
      "its topics have one replica, because there is one broker",
      { env: { CONTROL_CENTER_REPLICATION_FACTOR: "1", CONFLUENT_METRICS_TOPIC_REPLICATION: "1" } },
    ],
    [
      "control-center",
      "it reads its topics from the beginning before it answers: five minutes",
      { probe: { handler: "GET :9021/", startup: 300, timeout: 10 } },
    ],
    [
      "control-center",
      "it looks at the whole cluster",
      {
        env: {
          CONTROL_CENTER_BOOTSTRAP_SERVERS: "broker:29092",
          CONTROL_CENTER_SCHEMA_REGISTRY_URL: "http://schema-registry:8081",
        },
        startsAfter: ["broker", "kafka-topics", "schema-registry", "schemas"],
      },
    ],
  ],
  "pull",
);

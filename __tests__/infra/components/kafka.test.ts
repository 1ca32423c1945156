import { checkFacts } from "../../support/containers";
import { compareComponent } from "../../support/reviewed";

compareComponent("kafka");

const SEVEN_DAYS = String(7 * 24 * 60 * 60 * 1000);
const EIGHT_MEBIBYTES = String(8 * 1024 * 1024);

checkFacts([
  [
    "broker",
    "clients inside use broker:29092, clients on the host and in the container localhost:9092",
    {
      env: {
        KAFKA_ADVERTISED_LISTENERS: "PLAINTEXT://broker:29092,PLAINTEXT_HOST://localhost:9092",
        KAFKA_LISTENERS: "PLAINTEXT://0.0.0.0:29092,PLAINTEXT_HOST://0.0.0.0:9092",
      },
      published: { 9092: 9092 },
    },
  ],
  ["broker", "the log is kept in a volume", { mounts: { "/var/lib/kafka/data": "broker-data" } }],
  ["broker", "it runs as the user of the official image", { user: "1000:1000" }],
  [
    "broker",
    "the heap leaves memory for what is outside it",
    { memory: 896, env: { KAFKA_HEAP_OPTS: "-Xms384m -Xmx384m" } },
  ],
  ["broker", "no client creates a topic by using it", { env: { KAFKA_AUTO_CREATE_TOPICS_ENABLE: "false" } }],
  [
    "broker",
    "internal topics have one replica, because there is one broker",
    {
      env: {
        KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: "1",
        KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: "1",
        KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: "1",
      },
    },
  ],
  ["broker", "a controlled shutdown has a minute", { stopGracePeriod: 60 }],
  [
    "broker",
    "it starts after ZooKeeper",
    { env: { KAFKA_ZOOKEEPER_CONNECT: "zookeeper:2181" }, startsAfter: ["zookeeper"] },
  ],
  [
    "broker",
    "the probe sends ApiVersions to the listener for clients inside",
    { probe: { handler: expect.stringMatching(/127\.0\.0\.1\/29092 .*\\x00\\x12/) as string } },
  ],
  [
    "kafka-topics",
    "a job creates the topics when the broker is ready; only dead letters are kept forever",
    {
      startsAfter: ["broker"],
      declaration: {
        topics: [
          { name: "users_created", partitions: 3, config: { "retention.ms": SEVEN_DAYS } },
          { name: "users_processed", partitions: 3, config: { "retention.ms": SEVEN_DAYS } },
          { name: "user_stats", partitions: 1, config: { "retention.ms": SEVEN_DAYS } },
          {
            name: "users_dlq",
            partitions: 1,
            config: { "retention.ms": "-1", "max.message.bytes": EIGHT_MEBIBYTES },
          },
        ],
      },
    },
  ],
]);

describe("beside Confluent's Control Center", () => {
  checkFacts(
    [
      [
        "broker",
        "the broker reports its metrics, which the Control Center shows",
        {
          env: {
            KAFKA_METRIC_REPORTERS: "io.confluent.metrics.reporter.ConfluentMetricsReporter",
            CONFLUENT_METRICS_REPORTER_BOOTSTRAP_SERVERS: "broker:29092",
          },
        },
      ],
    ],
    "pull",
  );
});

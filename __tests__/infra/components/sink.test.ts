import { checkFacts } from "../../support/containers";
import { compareComponent } from "../../support/reviewed";

compareComponent("sink");

checkFacts([
  ["sink", "it is reached on the container network only", { env: { PORT: "8080" }, published: {} }],
  ["sink", "it runs as the user node", { user: "1000:1000" }],
  ["sink", "its memory limit is 256 MiB", { memory: 256 }],
  ["sink", "it is ready when it says so", { probe: { handler: "GET :8080/readyz" } }],
  [
    "sink",
    "it reads what Spark writes, and sets aside what it cannot store",
    {
      env: {
        KAFKA_BOOTSTRAP_SERVERS: "broker:29092",
        KAFKA_TOPIC: "users_processed",
        KAFKA_STATS_TOPIC: "user_stats",
        KAFKA_DLQ_TOPIC: "users_dlq",
        SCHEMA_REGISTRY_URL: "http://schema-registry:8081",
      },
    },
  ],
  [
    "sink",
    "it writes to Cassandra with a role of its own",
    {
      env: {
        CASSANDRA_HOST: "cassandra",
        CASSANDRA_KEYSPACE: "spark_streams",
        CASSANDRA_USER: "sink",
        CASSANDRA_PASSWORD_FILE: "/run/secrets/cassandra-password",
      },
      files: { "/run/secrets/cassandra-password": "${random_password.cassandra-sink-password.result}" },
    },
  ],
  [
    "sink",
    "it starts when topics, schemas, tables and role exist",
    { startsAfter: expect.arrayContaining(["kafka-topics", "schemas", "cassandra-setup"]) as string[] },
  ],
]);

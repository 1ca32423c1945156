import { checkFacts } from "../../support/containers";
import { compareComponent } from "../../support/reviewed";

compareComponent("producer");

checkFacts([
  ["producer", "it is reached on the container network only", { env: { PORT: "8080" }, published: {} }],
  ["producer", "it runs as the user node", { user: "1000:1000" }],
  ["producer", "its memory limit is 256 MiB", { memory: 256 }],
  ["producer", "it is ready when it says so", { probe: { handler: "GET :8080/readyz" } }],
  [
    "producer",
    "it follows the replication slot and the publication with a role of its own",
    {
      env: {
        POSTGRES_HOST: "postgres",
        POSTGRES_DB: "pipeline",
        POSTGRES_USER: "producer",
        POSTGRES_PASSWORD_FILE: "/run/secrets/postgres-password",
        POSTGRES_SLOT: "users_created",
        POSTGRES_PUBLICATION: "users_created",
      },
      files: { "/run/secrets/postgres-password": "${random_password.postgres-producer-password.result}" },
    },
  ],
  [
    "producer",
    "it writes to users_created with the registered schema",
    {
      env: {
        KAFKA_BOOTSTRAP_SERVERS: "broker:29092",
        KAFKA_TOPIC: "users_created",
        SCHEMA_REGISTRY_URL: "http://schema-registry:8081",
      },
    },
  ],
  [
    "producer",
    "it starts when role, slot, topic and schema exist",
    { startsAfter: expect.arrayContaining(["postgres-setup", "kafka-topics", "schemas"]) as string[] },
  ],
]);

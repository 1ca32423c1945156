import { checkFacts } from "../../support/containers";
import { compareComponent } from "../../support/reviewed";

compareComponent("schema-registry");

const subjectOf = (topic: string, schema: string) => ({
  subject: `${topic}-value`,
  schemaFile: `/etc/pipeline/schemas/${schema}.avsc`,
  compatibility: "BACKWARD_TRANSITIVE",
});

checkFacts([
  ["schema-registry", "clients inside and on the host use port 8081", { published: { 8081: 8081 } }],
  ["schema-registry", "it runs as the user of the official image", { user: "1000:1000" }],
  [
    "schema-registry",
    "the heap leaves memory for what is outside it",
    { memory: 640, env: { SCHEMA_REGISTRY_HEAP_OPTS: "-Xmx256m" } },
  ],
  [
    "schema-registry",
    "it keeps the schemas in Kafka, and starts after the broker",
    {
      env: { SCHEMA_REGISTRY_KAFKASTORE_BOOTSTRAP_SERVERS: "PLAINTEXT://broker:29092" },
      mounts: {},
      startsAfter: ["broker"],
    },
  ],
  ["schema-registry", "it is ready when it lists subjects", { probe: { handler: "GET :8081/subjects" } }],
  [
    "schemas",
    "a job registers the schemas, so that a reader can read everything that is still on the topic",
    {
      env: { SCHEMA_REGISTRY_URL: "http://schema-registry:8081" },
      startsAfter: ["schema-registry"],
      declaration: {
        subjects: [
          subjectOf("users_created", "user_created"),
          subjectOf("users_processed", "user_processed"),
          subjectOf("user_stats", "user_stats"),
        ],
      },
    },
  ],
]);

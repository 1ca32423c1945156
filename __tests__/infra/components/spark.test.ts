import { checkFacts, containerOf, type Fact } from "../../support/containers";
import { compareComponent } from "../../support/reviewed";

compareComponent("spark");

const CHECKPOINTS = { "/var/lib/spark/checkpoints": "spark-checkpoints" };

checkFacts([
  ...["spark-master", "spark-worker", "spark-stream"].map(
    (name): Fact => [name, "it runs as the user of the official image", { user: "185:185" }],
  ),
  [
    "spark-master",
    "the web interface is on port 9090 of the host, because Airflow has 8080",
    { published: { 9090: 8080 }, memory: 512, probe: { handler: "GET :8080/json/" } },
  ],
  [
    "spark-worker",
    "it offers five slots: one for each of three partitions, and two for the aggregate query",
    {
      args: expect.arrayContaining([
        "--cores",
        "5",
        "--memory",
        "1024m",
        "spark://spark-master:7077",
      ]) as string[],
    },
  ],
  [
    "spark-worker",
    "it registers with the master; the memory limit leaves room beside the executor's heap",
    { memory: 1792, startsAfter: ["spark-master"], probe: { handler: "GET :8081/json/" } },
  ],
  ["spark-worker", "executors write the state of the query to the checkpoints", { mounts: CHECKPOINTS }],
  [
    "spark-stream",
    "the query resumes from its checkpoints",
    { mounts: CHECKPOINTS, env: { CHECKPOINT_DIR: "/var/lib/spark/checkpoints" } },
  ],
  [
    "spark-stream",
    "one executor fills one worker",
    { env: { EXECUTOR_CORES: "5", EXECUTOR_MEMORY: "1024m" } },
  ],
  [
    "spark-stream",
    "the application's interface is on port 4040 of the host; the metrics stay inside",
    { published: { 4040: 4040 }, memory: 1024, env: { PORT: "8080" } },
  ],
  [
    "spark-stream",
    "it reads and writes the topics that it was granted",
    {
      env: {
        KAFKA_BOOTSTRAP_SERVERS: "broker:29092",
        KAFKA_TOPIC: "users_created",
        KAFKA_PROCESSED_TOPIC: "users_processed",
        KAFKA_STATS_TOPIC: "user_stats",
        KAFKA_DLQ_TOPIC: "users_dlq",
        SCHEMA_REGISTRY_URL: "http://schema-registry:8081",
      },
    },
  ],
  [
    "spark-stream",
    "the first start may take four minutes",
    { probe: { handler: "GET :8080/readyz", startup: 240 } },
  ],
]);

test.each([
  ["docker", "spark-worker-1"],
  ["kind", "spark-worker"],
] as const)("the driver starts when a worker, the topics and the schemas are there: %s", (target, worker) => {
  expect(containerOf(target, "spark-stream").startsAfter).toEqual(
    expect.arrayContaining(["spark-master", worker, "kafka-topics", "schemas"]),
  );
});

test("on Kubernetes, where services are replaced one by one, readers of a new schema start before its writers", () => {
  expect(containerOf("kind", "spark-stream").startsAfter).toContain("sink");
  expect(containerOf("kind", "producer").startsAfter).toContain("spark-stream");
});

import { Construct } from "constructs";
import { Kafka } from "../../../infra/components/kafka";
import { Producer } from "../../../infra/components/producer";
import { SchemaRegistry } from "../../../infra/components/schema-registry";
import { Topic } from "../../../infra/components/topic";
import { ZooKeeper } from "../../../infra/components/zookeeper";
import { imageOf } from "../../support/definitions";
import { Template } from "../../support/template";

const SIZES = { memory: 512, heap: 256 };

/** A broker on port 19092 with one topic, and an app that may write to it. */
function render(
  declare: (parts: { scope: Construct; topic: Topic; producer: Producer }) => void = () => undefined,
) {
  return Template.fromDefinition((stack) => {
    const scope = new Construct(stack, "definition");
    const image = imageOf(scope, "image");
    const zookeeper = new ZooKeeper(scope, "zookeeper", { image, publishedPort: 2181, ...SIZES });
    const kafka = new Kafka(scope, "kafka", {
      image,
      setupImage: image,
      zookeeper,
      publishedPort: 19092,
      ...SIZES,
    });
    const schemaRegistry = new SchemaRegistry(scope, "schema-registry", {
      image,
      setupImage: image,
      kafka,
      publishedPort: 8081,
      ...SIZES,
    });
    const topic = new Topic(scope, "users_created", {
      kafka,
      partitions: 3,
      config: { "retention.ms": "1000" },
      value: { schemaRegistry, schemaFile: "user_created.avsc" },
    });
    declare({ scope, topic, producer: new Producer(scope, "producer", { image, memory: 256 }) });
    return scope;
  });
}

function declaration(template: Template, job: string): unknown {
  const uploads = template.container(`${job}-run`).upload as { file: string; content: string }[];
  return JSON.parse(uploads.find(({ file }) => file === "/etc/pipeline/setup.json")?.content ?? "null");
}

test("clients inside use broker:29092; clients on the host and in the container the published port", () => {
  const broker = render().container("broker");
  expect(broker.env).toEqual(
    expect.arrayContaining([
      "KAFKA_ADVERTISED_LISTENERS=PLAINTEXT://broker:29092,PLAINTEXT_HOST://localhost:19092",
      "KAFKA_LISTENERS=PLAINTEXT://0.0.0.0:29092,PLAINTEXT_HOST://0.0.0.0:19092",
    ]),
  );
  expect(broker.ports).toEqual([{ internal: 19092, external: 19092, ip: "127.0.0.1" }]);
});

test("ZooKeeper and the broker both keep their data: one without the other is a cluster id mismatch", () => {
  const volumes = Object.keys(render().resources("docker_volume"));
  expect(volumes).toEqual(expect.arrayContaining(["broker-data", "zookeeper-data", "zookeeper-log"]));
});

test("topics exist because a job creates them, never by themselves", () => {
  const template = render();
  expect(template.container("broker").env).toContain("KAFKA_AUTO_CREATE_TOPICS_ENABLE=false");
  expect(declaration(template, "kafka-topics")).toEqual({
    topics: [{ name: "users_created", partitions: 3, config: { "retention.ms": "1000" } }],
  });
});

test("a topic's schema is registered by a job, so that every reader can read everything still on the topic", () => {
  const template = render();
  expect(declaration(template, "schemas")).toEqual({
    subjects: [
      {
        subject: "users_created-value",
        schemaFile: "/etc/pipeline/schemas/user_created.avsc",
        compatibility: "BACKWARD_TRANSITIVE",
      },
    ],
  });
});

test("a grant gives the app its environment and starts it when topic and schema exist", () => {
  const producer = render(({ topic, producer }) => topic.grantWrite(producer)).container("producer");
  expect(producer.env).toEqual(
    expect.arrayContaining([
      "KAFKA_BOOTSTRAP_SERVERS=broker:29092",
      "KAFKA_TOPIC=users_created",
      "SCHEMA_REGISTRY_URL=http://schema-registry:8081",
    ]),
  );
  expect(producer.depends_on).toEqual(
    expect.arrayContaining(["terraform_data.kafka-topics", "terraform_data.schemas"]),
  );
});

test("an app that is granted nothing knows nothing of Kafka", () => {
  expect(render().container("producer").env).toEqual(["PORT=8080"]);
});

test("a second topic of an app needs a variable of its own", () => {
  const grantBoth = (env?: string) =>
    render(({ topic, producer, scope }) => {
      topic.grantWrite(producer);
      const kafka = scope.node.findChild("kafka") as Kafka;
      new Topic(scope, "users_dlq", { kafka, partitions: 1 }).grantWrite(producer, { env });
    });
  expect(() => grantBoth()).toThrow(/KAFKA_TOPIC is already "users_created" and cannot become "users_dlq"/);
  expect(grantBoth("KAFKA_DLQ_TOPIC").container("producer").env).toContain("KAFKA_DLQ_TOPIC=users_dlq");
});

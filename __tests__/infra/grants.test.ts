import { Construct } from "constructs";
import { Kafka } from "../../infra/components/kafka";
import { Producer } from "../../infra/components/producer";
import { Topic } from "../../infra/components/topic";
import { ZooKeeper } from "../../infra/components/zookeeper";
import { imageOf } from "../support/definitions";
import { Template } from "../support/template";

const SIZES = { memory: 512, heap: 256 };

/** The environment of an app beside a broker with two topics, after what a test grants. */
function envAfter(grant: (producer: Producer, created: Topic, deadLetters: Topic) => void): unknown {
  const template = Template.fromDefinition((stack) => {
    const scope = new Construct(stack, "definition");
    const image = imageOf(scope, "image");
    const zookeeper = new ZooKeeper(scope, "zookeeper", { image, publishedPort: 2181, ...SIZES });
    const broker = { image, setupImage: image, zookeeper, publishedPort: 19092, ...SIZES };
    const kafka = new Kafka(scope, "kafka", broker);
    const producer = new Producer(scope, "producer", { image, memory: 256 });
    const topic = (name: string) => new Topic(scope, name, { kafka, partitions: 1 });
    grant(producer, topic("users_created"), topic("users_dlq"));
    return scope;
  });
  return template.container("producer").env;
}

test("an app that is granted nothing has no variable of Kafka", () => {
  expect(envAfter(() => undefined)).toEqual(["PORT=8080"]);
});

test("a second topic of an app needs a variable of its own", () => {
  const grantBoth = (env?: string) =>
    envAfter((producer, created, deadLetters) => {
      created.grantWrite(producer);
      deadLetters.grantWrite(producer, { env });
    });
  expect(() => grantBoth()).toThrow(/KAFKA_TOPIC is already "users_created" and cannot become "users_dlq"/);
  expect(grantBoth("KAFKA_DLQ_TOPIC")).toContain("KAFKA_DLQ_TOPIC=users_dlq");
});

import { Construct } from "constructs";
import { Orders } from "../../examples/orders/orders";
import { Pipeline } from "../../infra/pipeline";
import { resolveSettings } from "../../infra/settings";
import { imageOf } from "../support/definitions";
import { Template } from "../support/template";

let template: Template;
beforeAll(() => {
  template = Template.fromDefinition((stack) => {
    const definition = new Construct(stack, "definition");
    const { foundation } = new Pipeline(definition, "pipeline", {
      settings: resolveSettings({}),
      imageSource: "build",
    });
    new Orders(definition, "orders", { foundation, image: imageOf(definition, "orders-image") });
    return definition;
  });
});

function uploads(container: string): Record<string, string> {
  const files = template.container(container).upload as { file: string; content: string }[];
  return Object.fromEntries(files.map(({ file, content }) => [file, content]));
}

const declaration = (job: string): unknown => JSON.parse(uploads(job)["/etc/pipeline/setup.json"]!);

test("the topic, its schema and the table are made by the same jobs as the pipeline's own", () => {
  expect(declaration("kafka-topics-run")).toMatchObject({
    topics: expect.arrayContaining([{ name: "orders", partitions: 3, config: {} }]) as unknown,
  });
  expect(declaration("schemas-run")).toMatchObject({
    subjects: expect.arrayContaining([
      expect.objectContaining({ subject: "orders-value", schemaFile: "/etc/pipeline/schemas/order.avsc" }),
    ]) as unknown,
  });
  expect(declaration("cassandra-setup-run")).toMatchObject({ cqlFiles: ["/etc/pipeline/cql/orders.cql"] });
  expect(uploads("cassandra-setup-run")["/etc/pipeline/cql/orders.cql"]).toContain("spark_streams.orders");
});

test("the app gets what it needs and nothing of the pipeline's own apps", () => {
  expect(template.container("orders-sink").env).toEqual(
    expect.arrayContaining(["KAFKA_TOPIC=orders", "CASSANDRA_USER=orders_sink", "CASSANDRA_HOST=cassandra"]),
  );
  expect(uploads("orders-sink")["/run/secrets/cassandra-password"]).toBe(
    "${random_password.cassandra-orders_sink-password.result}",
  );
});

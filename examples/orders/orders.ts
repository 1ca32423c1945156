import { join } from "node:path";
import { Construct } from "constructs";
import { NodeApp } from "../../infra/components/node-app";
import { Topic } from "../../infra/components/topic";
import { Foundation } from "../../infra/foundation";
import { Image } from "../../infra/workload";

/** What {@link Orders} are made of. */
export interface OrdersProps {
  /** Where the topic and the table go. */
  readonly foundation: Foundation;
  /** The image of the app that carries orders from the topic to the table. */
  readonly image: Image;
}

/** A topic, a table and an app of your own beside the pipeline of users. */
export class Orders extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { foundation, image }: OrdersProps) {
    super(scope, id);
    const { kafka, schemaRegistry, cassandra } = foundation;
    this.topic = new Topic(this, "orders", {
      kafka,
      partitions: 3,
      value: { schemaRegistry, schemaFile: join(__dirname, "order.avsc") },
    });
    cassandra.addTables(join(__dirname, "orders.cql"));

    const app = new NodeApp(this, "orders-sink", { image, memory: 256 });
    this.topic.grantRead(app);
    cassandra.grantWrite(app);
  }
}

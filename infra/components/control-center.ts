import { Construct } from "constructs";
import { NodeApp, NodeAppProps } from "./node-app";
import type { Topic } from "./topic";

/** Properties of {@link ControlCenter}. */
export interface ControlCenterProps extends Omit<NodeAppProps, "http"> {
  /** The host's port for its web interface. */
  readonly publishedPort: number;
}

/** The topics of the pipeline. */
export interface PipelineTopics {
  readonly usersCreated: Topic;
  readonly usersProcessed: Topic;
  readonly deadLetters: Topic;
}

/** The Control Center: shows the pipeline and the Kafka cluster in the browser. It only ever looks. */
export class ControlCenter extends NodeApp {
  constructor(scope: Construct, id: string, { publishedPort, ...props }: ControlCenterProps) {
    super(scope, id, { ...props, http: { number: 9021, published: publishedPort } });
  }

  /** Tells it which topics are the pipeline's, in the order that users pass through. */
  addTopics({ usersCreated, usersProcessed, deadLetters }: PipelineTopics): void {
    this.workload.addEnv({
      KAFKA_CREATED_TOPIC: usersCreated.name,
      KAFKA_PROCESSED_TOPIC: usersProcessed.name,
      KAFKA_DLQ_TOPIC: deadLetters.name,
    });
  }
}

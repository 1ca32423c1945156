import { Construct } from "constructs";
import { NodeApp, NodeAppProps } from "./node-app";

/** What a {@link ControlCenter} is made of. */
export interface ControlCenterProps extends Omit<NodeAppProps, "http"> {
  /** The host's port for its web interface. */
  readonly publishedPort: number;
}

/** The Control Center: shows the pipeline and the Kafka cluster in the browser. It only ever looks. */
export class ControlCenter extends NodeApp {
  constructor(scope: Construct, id: string, { publishedPort, ...props }: ControlCenterProps) {
    super(scope, id, { ...props, http: { number: 9021, published: publishedPort } });
  }
}

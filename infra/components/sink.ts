import { Construct } from "constructs";
import { Grantee } from "../workload";
import { NodeApp, NodeAppProps } from "./node-app";

/** The consumer group that the app joins, and whose lag the Control Center shows, where none is named. */
const DEFAULT_GROUP = "sink";

/**
 * The sink app: stores what Spark has processed in Cassandra. Its id is also its consumer group, so that each of two sinks
 * stores every user.
 */
export class Sink extends NodeApp {
  constructor(scope: Construct, id: string, props: NodeAppProps) {
    super(scope, id, props);
    this.workload.addEnv(this.groupEnv("KAFKA_GROUP_ID"));
  }

  override grantMetrics(grantee: Grantee, env: string): void {
    super.grantMetrics(grantee, env);
    for (const client of grantee.workloads) client.addEnv(this.groupEnv("SINK_GROUP_ID"));
  }

  private groupEnv(variable: string): Record<string, string> {
    const { id } = this.node;
    return id === DEFAULT_GROUP ? {} : { [variable]: id };
  }
}

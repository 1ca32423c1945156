import { Construct } from "constructs";
import { Grantee, Image, Probe, Volume, Workload } from "../workload";

/** Properties of {@link ConfluentControlCenter}. */
export interface ConfluentControlCenterProps {
  /** An image with the contract of confluentinc/cp-enterprise-control-center. */
  readonly image: Image;
  /** MiB the container may use. */
  readonly memory: number;
  /** MiB of Java heap. */
  readonly heap: number;
  /** The host's port for its web interface. */
  readonly publishedPort: number;
}

const PORT = 9021;

/** Confluent's Control Center: commercial software, free of charge with a single broker (developer licence). */
export class ConfluentControlCenter extends Construct implements Grantee {
  readonly workload: Workload;

  constructor(scope: Construct, id: string, props: ConfluentControlCenterProps) {
    super(scope, id);
    this.workload = new Workload(this, id, {
      image: props.image,
      user: { uid: 1000, gid: 1000 },
      memory: props.memory,
      ports: [{ name: "http", number: PORT, published: props.publishedPort }],
      env: {
        PORT: String(PORT),
        // One broker: topics of its own cannot have more replicas, and more partitions only cost memory.
        CONTROL_CENTER_REPLICATION_FACTOR: "1",
        CONTROL_CENTER_INTERNAL_TOPICS_PARTITIONS: "1",
        CONTROL_CENTER_MONITORING_INTERCEPTOR_TOPIC_PARTITIONS: "1",
        CONFLUENT_METRICS_TOPIC_REPLICATION: "1",
        CONTROL_CENTER_OPTS: `-Xms${props.heap}m -Xmx${props.heap}m`,
      },
      // It reads its topics from the beginning before it answers.
      probe: Probe.http(PORT, "/", { startup: 300, timeout: 10 }),
    });
    this.workload.mount(new Volume(this, `${id}-data`), "/var/lib/confluent-control-center");
  }

  get workloads(): readonly Workload[] {
    return [this.workload];
  }
}

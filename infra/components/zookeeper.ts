import { Construct } from "constructs";
import { DefinitionError, Image, Probe, Volume, Workload } from "../workload";

/** Properties of {@link ZooKeeper}. */
export interface ZooKeeperProps {
  /** An image with the contract of confluentinc/cp-zookeeper. */
  readonly image: Image;
  /** The host's port for clients. */
  readonly publishedPort: number;
  /** MiB the container may use. */
  readonly memory: number;
  /** MiB of Java heap. */
  readonly heap: number;
}

/**
 * A ZooKeeper server: the metadata of one broker. Its volumes live and die together with the broker's. Its id is its host
 * name.
 */
export class ZooKeeper extends Construct {
  readonly workload: Workload;
  private broker?: Workload;

  constructor(scope: Construct, id: string, props: ZooKeeperProps) {
    super(scope, id);
    this.workload = new Workload(this, id, {
      image: props.image,
      user: { uid: 1000, gid: 1000 },
      memory: props.memory,
      ports: [{ name: "client", number: 2181, published: props.publishedPort }],
      env: {
        COMPONENT: "zookeeper",
        ZOOKEEPER_CLIENT_PORT: "2181",
        ZOOKEEPER_TICK_TIME: "2000",
        ZOOKEEPER_ADMIN_ENABLE_SERVER: "false",
        // Old snapshots would fill the disk in the long run.
        ZOOKEEPER_AUTOPURGE_PURGE_INTERVAL: "24",
        KAFKA_HEAP_OPTS: `-Xmx${props.heap}m`,
        KAFKA_JVM_PERFORMANCE_OPTS: "-server -XX:+UseSerialGC -Djava.awt.headless=true",
      },
      // `srvr` is the one four-letter word that needs no whitelist; its answer begins with "Zookeeper".
      probe: Probe.tcp(2181, Buffer.from("srvr"), { bytes: 4, matches: "^ 5a 6f 6f 6b" }),
    });
    this.workload.mount(new Volume(this, `${id}-data`), "/var/lib/zookeeper/data");
    this.workload.mount(new Volume(this, `${id}-log`), "/var/lib/zookeeper/log");
  }

  /** What brokers connect to. */
  get connectString(): string {
    return this.workload.address("client");
  }

  /**
   * Lets a broker keep its metadata here.
   * @throws DefinitionError for a second broker: both would register as broker 1
   */
  addBroker(broker: Workload): void {
    if (this.broker !== undefined) {
      throw new DefinitionError(
        broker,
        `shared ZooKeeper: got "${this.node.id}", which the broker "${this.broker.name}" uses; expected a ZooKeeper for each broker`,
      );
    }
    this.broker = broker;
    broker.connectTo(this.workload, "client");
  }
}

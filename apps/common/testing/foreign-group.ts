import { connect } from "node:net";
import { AssignerProtocol } from "kafkajs";
import Cluster from "kafkajs/src/cluster";
import { testKafka } from "./kafka";
import { testServices } from "./services";

const { MemberMetadata } = AssignerProtocol;
const SESSION_TIMEOUT_MS = 60_000;

/**
 * A group with one member that is no consumer of ours, as Kafka Connect, Kafka Streams and schema registries have them.
 * kafkajs has members of the consumer protocol only, so this one speaks to the coordinator itself.
 */
export class ForeignGroup {
  private constructor(
    readonly id: string,
    private readonly cluster: Cluster,
    private readonly memberId: string,
  ) {}

  /**
   * Joins the group as its only member.
   * @param protocolType what its members follow, `connect` for instance
   * @param assignment what the member is assigned, in whatever form
   */
  static async join(id: string, protocolType: string, assignment: Buffer): Promise<ForeignGroup> {
    const cluster = new Cluster({
      brokers: [testServices().kafka.bootstrapServers],
      clientId: "foreign",
      logger: testKafka().logger(),
      connectionTimeout: 30_000,
      requestTimeout: 30_000,
      enforceRequestTimeout: true,
      metadataMaxAge: SESSION_TIMEOUT_MS,
      allowAutoTopicCreation: false,
      isolationLevel: 0,
      retry: { retries: 20, maxRetryTime: 5_000 },
      socketFactory: ({ host, port, onConnect }) => connect({ host, port }, onConnect),
    });
    await cluster.connect();
    const coordinator = await cluster.findGroupCoordinator({ groupId: id });
    const { memberId, generationId } = await coordinator.joinGroup({
      groupId: id,
      sessionTimeout: SESSION_TIMEOUT_MS,
      rebalanceTimeout: SESSION_TIMEOUT_MS,
      protocolType,
      // The broker reads the metadata of consumers.
      groupProtocols: [
        {
          name: "foreign",
          metadata: MemberMetadata.encode({ version: 0, topics: [], userData: Buffer.alloc(0) }),
        },
      ],
    });
    const groupAssignment = [{ memberId, memberAssignment: assignment }];
    await coordinator.syncGroup({ groupId: id, generationId, memberId, groupAssignment });
    return new ForeignGroup(id, cluster, memberId);
  }

  /** Leaves the group, which the broker then forgets. */
  async leave(): Promise<void> {
    const coordinator = await this.cluster.findGroupCoordinator({ groupId: this.id });
    await coordinator.leaveGroup({ groupId: this.id, memberId: this.memberId });
    await this.cluster.disconnect();
  }
}

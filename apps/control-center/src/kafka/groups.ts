import { type Admin, AssignerProtocol, KafkaJSProtocolError } from "kafkajs";

/** A member of a consumer group, and the partitions it reads. */
export interface GroupMemberInfo {
  id: string;
  clientId: string;
  host: string;
  /** Empty while the group rebalances; null when it is not in the form of the consumer protocol. */
  assignment: { topic: string; partition: number }[] | null;
}

/** A consumer group as its coordinator describes it, and what it has committed. */
export interface GroupInfo {
  id: string;
  state: string;
  protocol: string;
  members: GroupMemberInfo[];
  committed: { topic: string; partition: number; offset: number }[];
  /** In words: what of the group cannot be read; null when all of it can. */
  problem: string | null;
}

/**
 * Every group of clients, whichever protocol its members follow: consumers, Kafka Connect, schema registries, others. A
 * group that cannot be read is among them, with the reason. Only ever asks.
 */
export async function readGroups(admin: Admin): Promise<GroupInfo[]> {
  const { groups } = await admin.listGroups();
  const read = await Promise.all(groups.map(({ groupId }) => readGroup(admin, groupId)));
  return read.sort((a, b) => a.id.localeCompare(b.id));
}

/** @throws when the broker does not answer; what it says against the group alone becomes the group's problem */
async function readGroup(admin: Admin, id: string): Promise<GroupInfo> {
  try {
    const [{ groups }, committed] = await Promise.all([
      admin.describeGroups([id]),
      admin.fetchOffsets({ groupId: id }),
    ]);
    const { state, protocol, protocolType, members } = groups[0]!;
    const read = members.map((member) => ({
      id: member.memberId,
      clientId: member.clientId,
      host: member.clientHost.replace(/^\//, ""),
      assignment: assignmentOf(protocolType, member.memberAssignment),
    }));
    return {
      id,
      state,
      protocol,
      members: read,
      committed: committed.flatMap(({ topic, partitions }) =>
        partitions
          .map(({ partition, offset }) => ({ topic, partition, offset: Number(offset) }))
          .filter(({ offset }) => offset >= 0),
      ),
      problem: read.some(({ assignment }) => assignment === null)
        ? `What its members read is not known: they follow the protocol "${protocolType}" in a form of their own.`
        : null,
    };
  } catch (error) {
    if (!(error instanceof KafkaJSProtocolError)) throw error;
    return { id, state: "Unknown", protocol: "", members: [], committed: [], problem: error.message };
  }
}

const CONSUMER_PROTOCOL = "consumer";

/** @returns null when the bytes are not an assignment of the consumer protocol */
function assignmentOf(protocolType: string, bytes: Buffer): GroupMemberInfo["assignment"] {
  // While a group rebalances, its members have no assignment yet.
  if (bytes.length === 0) return [];
  if (protocolType !== CONSUMER_PROTOCOL) return null;
  try {
    const decoded = AssignerProtocol.MemberAssignment.decode(bytes);
    return Object.entries(decoded?.assignment ?? {}).flatMap(([topic, partitions]) =>
      partitions.map((partition) => ({ topic, partition })),
    );
  } catch {
    return null;
  }
}

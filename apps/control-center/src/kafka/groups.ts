import { type Admin, AssignerProtocol } from "kafkajs";

/** A member of a consumer group, and the partitions it reads. */
export interface GroupMemberInfo {
  id: string;
  clientId: string;
  host: string;
  assignment: { topic: string; partition: number }[];
}

/** A consumer group as its coordinator describes it, and what it has committed. */
export interface GroupInfo {
  id: string;
  state: string;
  protocol: string;
  members: GroupMemberInfo[];
  committed: { topic: string; partition: number; offset: number }[];
}

/** Every consumer group. Only ever asks. */
export async function readGroups(admin: Admin): Promise<GroupInfo[]> {
  const { groups: listed } = await admin.listGroups();
  const ids = listed
    .filter(({ protocolType }) => ["consumer", ""].includes(protocolType))
    .map(({ groupId }) => groupId);
  if (ids.length === 0) return [];
  const [{ groups }, committed] = await Promise.all([
    admin.describeGroups(ids),
    Promise.all(ids.map((groupId) => admin.fetchOffsets({ groupId }))),
  ]);
  return groups
    .map((group) => ({
      id: group.groupId,
      state: group.state,
      protocol: group.protocol,
      members: group.members.map((member) => ({
        id: member.memberId,
        clientId: member.clientId,
        host: member.clientHost.replace(/^\//, ""),
        assignment: assignmentOf(member.memberAssignment),
      })),
      committed: committed[ids.indexOf(group.groupId)]!.flatMap(({ topic, partitions }) =>
        partitions
          .map(({ partition, offset }) => ({ topic, partition, offset: Number(offset) }))
          .filter(({ offset }) => offset >= 0),
      ),
    }))
    .sort((a, b) => a.id.localeCompare(b.id));
}

/** While a group rebalances, its members have no assignment yet. */
function assignmentOf(bytes: Buffer): { topic: string; partition: number }[] {
  if (bytes.length === 0) return [];
  const decoded = AssignerProtocol.MemberAssignment.decode(bytes);
  return Object.entries(decoded?.assignment ?? {}).flatMap(([topic, partitions]) =>
    partitions.map((partition) => ({ topic, partition })),
  );
}

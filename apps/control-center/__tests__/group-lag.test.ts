import type { GroupInfo } from "../src/kafka/groups";
import { groupPartitions, lagsByTopic } from "../src/pipeline/group-lag";

const group = (given: Partial<GroupInfo>): GroupInfo => ({
  id: "sink",
  state: "Stable",
  protocol: "RoundRobinAssigner",
  members: [],
  committed: [],
  problem: null,
  ...given,
});
const offsets = new Map([
  [
    "users",
    new Map([
      [0, { first: 0, next: 10 }],
      [1, { first: 50, next: 60 }],
    ]),
  ],
]);

describe("groupPartitions", () => {
  it("counts what is not committed yet", () => {
    const committed = [{ topic: "users", partition: 0, offset: 4 }];
    expect(groupPartitions(group({ committed }), offsets)).toEqual([
      { topic: "users", partition: 0, committed: 4, next: 10, lag: 6, clientId: null },
    ]);
  });
  it("does not count what retention has removed", () => {
    const committed = [{ topic: "users", partition: 1, offset: 4 }];
    expect(groupPartitions(group({ committed }), offsets)[0]).toMatchObject({ lag: 10 });
  });
  it("takes in what is read and was never committed, and who reads it", () => {
    const members = [
      { id: "m", clientId: "sink-1", host: "10.0.0.1", assignment: [{ topic: "users", partition: 1 }] },
    ];
    expect(groupPartitions(group({ members }), offsets)).toEqual([
      { topic: "users", partition: 1, committed: null, next: 60, lag: 10, clientId: "sink-1" },
    ]);
  });
  it("finds no lag in a topic that is gone", () => {
    const committed = [{ topic: "gone", partition: 0, offset: 4 }];
    expect(groupPartitions(group({ committed }), offsets)[0]).toMatchObject({ next: 4, lag: 0 });
  });
});

describe("lagsByTopic", () => {
  it("adds up partitions", () => {
    const committed = [0, 1].map((partition) => ({ topic: "users", partition, offset: 4 }));
    expect(lagsByTopic(groupPartitions(group({ committed }), offsets))).toEqual(new Map([["users", 16]]));
  });
});

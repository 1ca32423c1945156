import { OffsetCommits, type TopicPartitionOffset } from "../src/offset-commits";

/** Collects what is committed; fails as long as `broken` is set. */
function committing() {
  const committed: TopicPartitionOffset[][] = [];
  const state = { broken: false };
  const commits = new OffsetCommits((offsets) => {
    if (state.broken) return Promise.reject(new Error("no broker"));
    committed.push(offsets);
    return Promise.resolve();
  });
  return { commits, committed, state };
}

test("commits the newest progress of each partition, once", async () => {
  const { commits, committed } = committing();
  commits.note("t", 0, 5n);
  commits.note("t", 1, 7n);
  commits.note("t", 0, 9n);
  await commits.flush();
  await commits.flush();
  expect(committed).toEqual([
    [
      { topic: "t", partition: 0, offset: "9" },
      { topic: "t", partition: 1, offset: "7" },
    ],
  ]);
});

test("what could not be committed stays pending", async () => {
  const { commits, committed, state } = committing();
  commits.note("t", 0, 5n);
  state.broken = true;
  await expect(commits.flush()).rejects.toThrow("no broker");
  state.broken = false;
  await commits.flush();
  expect(committed).toEqual([[{ topic: "t", partition: 0, offset: "5" }]]);
});

test("progress made during a commit is not lost, and two commits never overlap", async () => {
  const committed: string[] = [];
  let atATime = 0;
  const commits = new OffsetCommits(async ([offset]) => {
    expect(++atATime).toBe(1);
    commits.note("t", 0, BigInt(offset!.offset) < 9n ? 9n : BigInt(offset!.offset));
    await new Promise((resolve) => setImmediate(resolve));
    committed.push(offset!.offset);
    atATime--;
  });
  commits.note("t", 0, 5n);
  await Promise.all([commits.flush(), commits.flush()]);
  expect(committed).toEqual(["5", "9"]);
});

test("after a rebalance nothing old is committed", async () => {
  const { commits, committed } = committing();
  commits.note("t", 0, 5n);
  commits.clear();
  await commits.flush();
  expect(committed).toEqual([]);
});

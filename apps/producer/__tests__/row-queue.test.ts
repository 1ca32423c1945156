import fc from "fast-check";
import { RowQueue } from "../src/row-queue";

interface Row {
  id: number;
  bytes: number;
}

const ROOMY = { rows: 1_000, bytes: 1_000_000 };
const row = (id: number, bytes = 1): Row => ({ id, bytes });
const ids = (rows: Row[]) => rows.map(({ id }) => id);

test("rows come in order; a batch ends with the last transaction that has ended, and confirms it", async () => {
  const queue = new RowQueue<Row>(ROOMY);
  await queue.addRow(row(1));
  queue.addCommit(10n);
  await queue.addRow(row(2));
  queue.addCommit(20n);
  await queue.addRow(row(3));
  expect(await queue.take(ROOMY)).toEqual({ rows: [row(1), row(2)], confirm: 20n });
  queue.addCommit(30n);
  expect(await queue.take(ROOMY)).toEqual({ rows: [row(3)], confirm: 30n });
});

test("a batch does not begin a transaction that it cannot end", async () => {
  const queue = new RowQueue<Row>(ROOMY);
  for (const id of [1, 2]) await queue.addRow(row(id));
  queue.addCommit(10n);
  for (const id of [3, 4]) await queue.addRow(row(id));
  queue.addCommit(20n);
  expect(await queue.take({ rows: 3, bytes: 100 })).toEqual({ rows: [row(1), row(2)], confirm: 10n });
  expect(await queue.take({ rows: 3, bytes: 100 })).toEqual({ rows: [row(3), row(4)], confirm: 20n });
});

test("a transaction larger than a batch is confirmed with the second only", async () => {
  const queue = new RowQueue<Row>(ROOMY);
  for (const id of [1, 2, 3]) await queue.addRow(row(id));
  queue.addCommit(10n);
  expect(await queue.take({ rows: 2, bytes: 100 })).toEqual({ rows: [row(1), row(2)], confirm: undefined });
  expect(await queue.take({ rows: 2, bytes: 100 })).toEqual({ rows: [row(3)], confirm: 10n });
});

test("a row larger than the limit goes alone", async () => {
  const queue = new RowQueue<Row>(ROOMY);
  for (const [id, bytes] of [[1, 5], [2, 500], [3, 5]] as const) await queue.addRow(row(id, bytes)); // prettier-ignore
  queue.addCommit(10n);
  const taken: number[][] = [];
  while (taken.flat().length < 3) taken.push(ids((await queue.take({ rows: 10, bytes: 100 }))!.rows));
  expect(taken).toEqual([[1], [2], [3]]);
});

test("backpressure: adding waits while the queue is full, until something is taken", async () => {
  const queue = new RowQueue<Row>({ rows: 2, bytes: 100 });
  await queue.addRow(row(1));
  let added = false;
  const adding = queue.addRow(row(2)).then(() => (added = true));
  await new Promise(setImmediate);
  expect(added).toBe(false);
  await queue.take({ rows: 1, bytes: 100 });
  await adding;
});

test("is done only when what was taken is dealt with too", async () => {
  const queue = new RowQueue<Row>(ROOMY);
  expect(queue.isDone).toBe(true);
  await queue.addRow(row(1));
  queue.addCommit(10n);
  expect(queue.isDone).toBe(false);
  await queue.take(ROOMY);
  expect(queue.isDone).toBe(false);
  const next = queue.take(ROOMY);
  expect(queue.isDone).toBe(true);
  queue.close();
  await next;
  expect(queue.isDone).toBe(false);
});

test("closing lets everyone go and drops what was not taken", async () => {
  const full = new RowQueue<Row>({ rows: 1, bytes: 100 });
  const adding = full.addRow(row(1));
  full.close();
  await adding;
  expect(await full.take(ROOMY)).toBeUndefined();
  const empty = new RowQueue<Row>(ROOMY);
  const taking = empty.take(ROOMY);
  empty.close();
  expect(await taking).toBeUndefined();
});

test("whatever the sizes: nothing lost, nothing twice, in order, confirmed never before its last row is taken", async () => {
  const entry = fc.oneof(
    { arbitrary: fc.nat(50), weight: 4 },
    { arbitrary: fc.constant("commit" as const), weight: 1 },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(entry).map((all) => [...all, "commit" as const]),
      fc.integer({ min: 1, max: 5 }),
      fc.nat(100),
      async (entries, rows, bytes) => {
        const queue = new RowQueue<Row>({ rows: 3, bytes: 60 });
        const lastRowOf = new Map<bigint, number>();
        const total = entries.filter((e) => e !== "commit").length;
        const filling = (async () => {
          let id = 0;
          for (const [index, e] of entries.entries()) {
            if (e !== "commit") await queue.addRow(row(id++, e));
            else {
              lastRowOf.set(BigInt(index), id);
              queue.addCommit(BigInt(index));
            }
          }
        })();
        let taken = 0;
        while (taken < total) {
          const batch = await queue.take({ rows, bytes });
          for (const { id } of batch!.rows) expect(id).toBe(taken++);
          if (batch!.confirm !== undefined) expect(lastRowOf.get(batch!.confirm)).toBeLessThanOrEqual(taken);
        }
        await filling;
      },
    ),
  );
});

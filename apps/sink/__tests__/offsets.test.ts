import fc from "fast-check";
import { OffsetTracker } from "../src/offsets";

/** A batch of 1 to 50 records and an order in which some of them are done. */
const finishing = fc
  .integer({ min: 1, max: 50 })
  .chain((count) =>
    fc.tuple(
      fc.constant(count),
      fc.shuffledSubarray(Array.from({ length: count }, (_, position) => position)),
    ),
  );

test("only the unbroken run at the beginning may be committed, after each record in any order", () => {
  fc.assert(
    fc.property(finishing, ([count, order]) => {
      const tracker = new OffsetTracker(count);
      const done = new Set<number>();
      for (const position of order) {
        tracker.acknowledge(position);
        done.add(position);
        for (let before = 0; before < tracker.prefix; before++) expect(done).toContain(before);
        expect(done).not.toContain(tracker.prefix);
      }
    }),
  );
});

test("when all are done, all may be committed", () => {
  const tracker = new OffsetTracker(3);
  for (const position of [2, 0, 1]) tracker.acknowledge(position);
  expect(tracker.prefix).toBe(3);
});

test("a record acknowledged twice counts once", () => {
  const tracker = new OffsetTracker(2);
  tracker.acknowledge(0);
  tracker.acknowledge(0);
  expect(tracker.prefix).toBe(1);
});

test.each([-1, 2])("a position outside the batch (%d) is an error", (position) => {
  expect(() => new OffsetTracker(2).acknowledge(position)).toThrow(RangeError);
});

import fc from "fast-check";
import { BatchedLookup } from "../src/batched-lookup";
import { KeySerial } from "../src/key-serial";
import { Slots } from "../src/slots";

describe("KeySerial", () => {
  test("tasks of a key run one at a time in the order given, whatever the timing and whichever task fails", async () => {
    const task = fc.record({ key: fc.constantFrom("a", "b", "c"), fails: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.array(task, { maxLength: 12 }), async (scheduler, tasks) => {
        const serial = new KeySerial();
        const running = new Set<string>();
        const finished: number[] = [];
        const results = tasks.map(({ key, fails }, index) =>
          serial.run(key, async () => {
            expect(running).not.toContain(key);
            running.add(key);
            await scheduler.schedule(Promise.resolve());
            running.delete(key);
            finished.push(index);
            if (fails) throw new Error("fails");
          }),
        );
        const settled = Promise.allSettled(results);
        await scheduler.waitFor(settled);
        for (const key of ["a", "b", "c"]) {
          const order = finished.filter((index) => tasks[index]!.key === key);
          expect(order).toEqual([...order].sort((a, b) => a - b));
        }
        expect((await settled).map(({ status }) => status === "rejected")).toEqual(
          tasks.map(({ fails }) => fails),
        );
      }),
    );
  });

  test("tasks of different keys run side by side", async () => {
    const serial = new KeySerial();
    let release!: () => void;
    const blocked = serial.run("a", () => new Promise<void>((resolve) => (release = resolve)));
    await serial.run("b", () => Promise.resolve());
    release();
    await blocked;
  });
});

describe("BatchedLookup", () => {
  test("joins what is asked in one turn, and while requests are on their way", async () => {
    const requests: string[][] = [];
    let answer!: () => void;
    const lookup = new BatchedLookup(
      async (keys) => {
        requests.push(keys);
        if (requests.length === 1) await new Promise<void>((resolve) => (answer = resolve));
        return new Map(keys.map((key) => [key, key.toUpperCase()]));
      },
      3,
      1,
    );
    const first = Promise.all([lookup.get("a"), lookup.get("b"), lookup.get("a")]);
    await new Promise((resolve) => setImmediate(resolve));
    const second = Promise.all(["c", "d", "e", "f"].map((key) => lookup.get(key)));
    answer();
    expect(await first).toEqual(["A", "B", "A"]);
    expect(await second).toEqual(["C", "D", "E", "F"]);
    expect(requests).toEqual([["a", "b"], ["c", "d", "e"], ["f"]]);
  });

  test("an unknown key is undefined; a failed request fails its own look-ups only", async () => {
    let fail = true;
    const lookup = new BatchedLookup<string>(
      () => {
        if (!fail) return Promise.resolve(new Map<string, string>());
        fail = false;
        return Promise.reject(new Error("away"));
      },
      10,
      1,
    );
    await expect(lookup.get("a")).rejects.toThrow("away");
    expect(await lookup.get("a")).toBeUndefined();
  });
});

test("Slots: never more at a time than there are, and each waiter gets its turn in order", async () => {
  const slots = new Slots(2);
  const order: number[] = [];
  let most = 0;
  await Promise.all(
    [0, 1, 2, 3, 4].map(async (n) => {
      await slots.acquire();
      most = Math.max(most, slots.taken);
      order.push(n);
      await new Promise((resolve) => setImmediate(resolve));
      slots.release();
    }),
  );
  expect(order).toEqual([0, 1, 2, 3, 4]);
  expect(most).toBe(2);
  expect(slots.taken).toBe(0);
});

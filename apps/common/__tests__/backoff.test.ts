import { backoffDelay, retry } from "../src";

test("the delay doubles, is capped, and at most half of it is random", () => {
  for (let attempt = 1; attempt <= 40; attempt++) {
    const ceiling = Math.min(1_000, 100 * 2 ** (attempt - 1));
    const delay = backoffDelay(attempt, 100, 1_000);
    expect(delay).toBeGreaterThanOrEqual(ceiling / 2);
    expect(delay).toBeLessThanOrEqual(ceiling);
  }
});

test("repeats until it succeeds and tells each failure", async () => {
  const failures: unknown[] = [];
  let calls = 0;
  const operation = () => (++calls < 3 ? Promise.reject(new Error(`no ${calls}`)) : Promise.resolve("yes"));
  const onFailure = (error: unknown, attempt: number) => failures.push([(error as Error).message, attempt]);
  await expect(retry(operation, { initialDelayMs: 1, onFailure })).resolves.toBe("yes");
  expect(failures).toEqual([
    ["no 1", 1],
    ["no 2", 2],
  ]);
});

test("gives up at once on an error that is not retryable", async () => {
  let calls = 0;
  const operation = () => Promise.reject(new TypeError(`call ${++calls}`));
  await expect(retry(operation, { isRetryable: (error) => !(error instanceof TypeError) })).rejects.toThrow(
    "call 1",
  );
  expect(calls).toBe(1);
});

test("an abort cuts the wait short and rejects with the signal's reason", async () => {
  const controller = new AbortController();
  const reason = new Error("stopping");
  const result = retry(() => Promise.reject(new Error("no")), {
    signal: controller.signal,
    initialDelayMs: 3_600_000,
    maxDelayMs: 3_600_000,
    onFailure: () => setImmediate(() => controller.abort(reason)),
  });
  await expect(result).rejects.toBe(reason);
});

test("an attempt that has begun is finished in spite of an abort", async () => {
  const controller = new AbortController();
  const operation = () => {
    controller.abort();
    return Promise.resolve("done");
  };
  await expect(retry(operation, { signal: controller.signal })).resolves.toBe("done");
});

import { Shared } from "../src/shared";

describe("Shared", () => {
  it("asks once for all who ask", async () => {
    const shared = new Shared<number>(60_000);
    const ask = jest.fn(() => Promise.resolve(1));
    expect(await Promise.all([shared.get("a", ask), shared.get("a", ask), shared.get("b", ask)])).toEqual([
      1, 1, 1,
    ]);
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it("does not keep failures", async () => {
    const shared = new Shared<number>(60_000);
    await expect(shared.get("a", () => Promise.reject(new Error("away")))).rejects.toThrow("away");
    expect(await shared.get("a", () => Promise.resolve(2))).toBe(2);
  });
});

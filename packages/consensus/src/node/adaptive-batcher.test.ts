import { describe, expect, it } from "vitest";
import { AdaptiveBatcher } from "./adaptive-batcher.ts";

describe("AdaptiveBatcher", () => {
  it("runs a lone item at once and gathers those that arrive meanwhile", async () => {
    const sizes: number[] = [];
    const batcher = new AdaptiveBatcher<number, number>(async (items) => {
      sizes.push(items.length);
      await Promise.resolve();
      return items.map((item) => item * 2);
    }, 3);
    const results = await Promise.all([1, 2, 3, 4, 5].map((item) => batcher.run(item)));
    expect(results).toEqual([2, 4, 6, 8, 10]);
    expect(sizes).toEqual([1, 3, 1]);
  });

  it("fails the items of a batch that throws, and goes on with the next", async () => {
    const batcher = new AdaptiveBatcher<string, string>(async (items) => {
      if (items.includes("bad")) throw new Error("no");
      return items;
    }, 1);
    const [bad, good] = await Promise.allSettled([batcher.run("bad"), batcher.run("good")]);
    expect(bad).toMatchObject({ status: "rejected", reason: new Error("no") });
    expect(good).toEqual({ status: "fulfilled", value: "good" });
    expect(batcher.waiting).toBe(0);
  });

  it("refuses an item that its batch gave no answer for", async () => {
    const batcher = new AdaptiveBatcher<number, number>(async () => [], 1);
    await expect(batcher.run(1)).rejects.toThrow("fewer items");
  });
});

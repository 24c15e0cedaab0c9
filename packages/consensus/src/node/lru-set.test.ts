import { describe, expect, it } from "vitest";
import { LruSet } from "./lru-set.ts";

describe("LruSet", () => {
  it("forgets the key that was not named for the longest time", () => {
    const set = new LruSet(2);
    expect([set.add("a"), set.add("b"), set.add("a"), set.add("c")]).toEqual([true, true, false, true]);
    expect(set.add("a")).toBe(false);
    expect(set.add("b")).toBe(true);
    expect(set.size).toBe(2);
  });
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { LruMap } from "./lru-map.ts";

test("what was used least recently goes first", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.record({ set: fc.boolean(), key: fc.integer({ min: 0, max: 6 }) })),
      (limit, uses) => {
        const map = new LruMap<number>(limit);
        let model: number[] = [];
        for (const { set, key } of uses) {
          const known = model.includes(key);
          if (set) map.set(`${key}`, key);
          else expect(map.get(`${key}`)).toBe(known ? key : undefined);
          if (set || known) model = [...model.filter((other) => other !== key), key].slice(-limit);
        }
        expect(map.keys()).toEqual(model.map(String));
      },
    ),
  );
});

test("an entry is taken once", () => {
  const map = new LruMap<number>(2);
  map.set("a", 1);
  expect([map.has("a"), map.take("a"), map.take("a"), map.size]).toEqual([true, 1, undefined, 0]);
});

import { systemRandom } from "@mobilecoin-ts/curve";
import fc from "fast-check";
import { expect, test } from "vitest";
import { chooseMixins } from "./mixins.ts";

test("mixins are ten for each input, all different, never a real input, and anywhere in the ledger", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.bigInt(0n, 60n), { minLength: 1, maxLength: 4 }), (real) => {
      const rings = chooseMixins(real, 61n, systemRandom);
      const all = [...real, ...rings.flat()];
      expect(rings.map((ring) => ring.length)).toEqual(real.map(() => 10));
      expect(new Set(all).size).toBe(all.length);
      expect(all.every((index) => index >= 0n && index < 61n)).toBe(true);
    }),
  );
});

test("mixins reach the first and the last output", () => {
  const seen = new Set<bigint>();
  for (let round = 0; round < 40; round++)
    for (const index of chooseMixins([5n], 12n, systemRandom)[0]!) seen.add(index);
  expect(seen.has(0n) && seen.has(11n)).toBe(true);
});

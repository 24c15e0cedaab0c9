import { describe, expect, test } from "vitest";
import { simulate } from "./simulation.ts";

// The first few hundred; `npm run simulate -- --seeds 10000` runs the others. The named ones once ended in a wedge.
const SEEDS = [
  ...Array.from({ length: 240 }, (_, i) => i + 1),
  ...[335, 455, 663, 1426, 1853, 1865, 2351, 3302, 3581, 4382, 4672, 4885, 7964],
];

describe("simulated networks", () => {
  test("agree and make progress, whatever the seed", () => {
    const results = SEEDS.map((seed) => simulate(seed));
    // Shown in full where it fails, seed first.
    expect(results.filter(({ divergences, stalls }) => divergences + stalls > 0)).toEqual([]);
    expect(results.every(({ slots, live }) => live === 0 || slots > 0)).toBe(true);
    expect(results.some(({ live }) => live === 0)).toBe(true);
    expect(new Set(results.map(({ topology }) => topology)).size).toBeGreaterThan(25);
  });

  test("one seed, one history", () => {
    expect(simulate(11)).toEqual(simulate(11));
    expect(simulate(11)).not.toEqual({ ...simulate(12), seed: 11 });
  });

  test("a fault of the nodes is found: values that nobody may externalise", () => {
    const rules = {
      compare: (a: number, b: number) => a - b,
      isValid: () => true,
      combine: (values: readonly number[]) => values.map((value) => -value).sort((a, b) => a - b),
    };
    expect(simulate(2, { rules }).divergences).toBeGreaterThan(0);
  });

  test("a fault of the nodes is found: nothing is valid, so everybody stalls", () => {
    const rules = {
      compare: (a: number, b: number) => a - b,
      isValid: () => false,
      combine: (values: readonly number[]) => values,
    };
    expect(simulate(2, { rules }).stalls).toBe(3);
  });
});

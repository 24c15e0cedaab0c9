import fc from "fast-check";
import { expect, test } from "vitest";
import { compareU64Ratios, mulRoundDown, mulRoundUp, u64Ratio } from "./u64-ratio.ts";

const MAX = 2n ** 64n - 1n;
const u64 = fc.bigInt({ min: 0n, max: MAX });

test("four sevenths of the largest integer", () => {
  const ratio = u64Ratio(4n, 7n)!;
  expect(mulRoundDown(ratio, MAX)).toBe(10540996613548315208n);
  expect(mulRoundUp(ratio, MAX)).toBe(10540996613548315209n);
});

test("no ratio with a zero denominator, no product beyond 64 bits", () => {
  expect(u64Ratio(1n, 0n)).toBeUndefined();
  const ratio = u64Ratio(MAX, 1n)!;
  expect(mulRoundDown(ratio, 1n)).toBe(MAX);
  expect(mulRoundDown(ratio, 2n)).toBeUndefined();
  expect(mulRoundUp(u64Ratio(MAX, MAX - 1n)!, MAX)).toBeUndefined();
  expect(() => u64Ratio(MAX + 1n, 1n)).toThrow(expect.objectContaining({ code: "IntegerOutOfRange" }));
});

test("rounding brackets the exact value", () => {
  fc.assert(
    fc.property(
      u64,
      u64.filter((n) => n > 0n),
      u64,
      (numerator, denominator, value) => {
        const ratio = u64Ratio(numerator, denominator)!;
        const down = mulRoundDown(ratio, value);
        const up = mulRoundUp(ratio, value);
        const exact = value * numerator;
        if (down !== undefined) expect(down * denominator <= exact).toBe(true);
        if (up !== undefined) expect(up * denominator >= exact && (up - 1n) * denominator < exact).toBe(true);
      },
    ),
  );
});

test("comparison is exact", () => {
  const half = u64Ratio(1n, 2n)!;
  expect(compareU64Ratios(half, u64Ratio(2n, 4n)!)).toBe(0);
  expect(compareU64Ratios(half, u64Ratio(MAX, MAX - 1n)!)).toBe(-1);
  expect(compareU64Ratios(u64Ratio(MAX - 1n, MAX)!, u64Ratio(MAX - 2n, MAX - 1n)!)).toBe(1);
});

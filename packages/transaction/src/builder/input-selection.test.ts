import fc from "fast-check";
import { expect, test } from "vitest";
import { selectInputs } from "./input-selection.ts";

const values = fc.array(fc.bigInt({ min: 0n, max: 40n }), { maxLength: 9 });

/** Sums of every choice of at most `count` values. */
function sums(values: readonly bigint[], count: number): bigint[] {
  const choices = Array.from({ length: 2 ** values.length }, (_, mask) =>
    values.filter((_, i) => (mask >> i) & 1),
  );
  return choices
    .filter((choice) => choice.length <= count)
    .map((choice) => choice.reduce((a, b) => a + b, 0n));
}

test("agrees with trying every choice", () => {
  fc.assert(
    fc.property(
      values,
      fc.bigInt({ min: 0n, max: 120n }),
      fc.integer({ min: 1, max: 5 }),
      (values, target, limit) => {
        const selection = selectInputs(values, target, limit);
        const total = values.reduce((a, b) => a + b, 0n);
        const possible = sums(values, limit).some((sum) => sum >= target);
        expect(selection.result).toBe(
          total < target ? "insufficientFunds" : possible ? "selected" : "wouldNeedDefragmentation",
        );
        if (selection.result === "selected") {
          const sum = selection.positions.reduce((a, i) => a + values[i]!, 0n);
          expect(sum >= target && selection.positions.length <= limit).toBe(true);
          expect([...selection.positions]).toEqual([...new Set(selection.positions)].sort((a, b) => a - b));
        }
        if (selection.result === "wouldNeedDefragmentation") {
          const largest = sums(values, Math.max(3, limit))
            .sort((a, b) => Number(a - b))
            .at(-1);
          expect(selection.largestPossibleAmount).toBe(largest);
        }
      },
    ),
  );
});

test("never more than 16 inputs, at least one", () => {
  const ones = new Array<bigint>(30).fill(1n);
  expect(selectInputs(ones, 16n, 30)).toMatchObject({ result: "selected" });
  expect(selectInputs(ones, 17n, 30)).toEqual({
    result: "wouldNeedDefragmentation",
    largestPossibleAmount: 16n,
  });
  expect(() => selectInputs(ones, 1n, 0)).toThrow(RangeError);
});

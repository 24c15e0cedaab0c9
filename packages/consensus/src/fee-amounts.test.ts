import type { Tx } from "@mobilecoin-ts/transaction";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { feeAmounts, zeroSort } from "./fee-amounts.ts";

const paying = (feeTokenId: bigint, fee: bigint): Tx => ({
  prefix: { inputs: [], outputs: [], fee, feeTokenId, tombstoneBlock: 0n },
  signature: {
    ringSignatures: [],
    pseudoOutputCommitments: [],
    rangeProofBytes: new Uint8Array(0),
    rangeProofs: [],
    pseudoOutputTokenIds: [],
    outputTokenIds: [],
  },
  feeMapDigest: new Uint8Array(0),
});
const fees = new Map([5n, 0n, 1n].map((tokenId) => [tokenId, 128n]));
const amountsOf = (transactions: readonly Tx[]) =>
  feeAmounts(transactions, fees).map(({ amount, counter }) => [amount.tokenId, amount.value, counter]);

describe("zero-sort", () => {
  test.each([
    [[], []],
    [
      [0, 1],
      [1, 0],
    ],
    [
      [0, 1, 2],
      [2, 1, 0],
    ],
    [
      [0, 0, 1, 2],
      [2, 1, 0, 0],
    ],
    [
      [1, 0, 2, 0, 3],
      [1, 3, 2, 0, 0],
    ],
  ])("turns %j into %j", (entries, sorted) => {
    expect(zeroSort(entries, (entry) => entry === 0)).toEqual(sorted);
  });

  test("keeps every entry and puts the zeros last", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3)), (entries) => {
        const sorted = zeroSort(entries, (entry) => entry === 0);
        expect(sorted.toSorted()).toEqual(entries.toSorted());
        const firstZero = sorted.indexOf(0);
        if (firstZero >= 0) expect(sorted.slice(firstZero).every((entry) => entry === 0)).toBe(true);
      }),
    );
  });
});

describe("fee amounts", () => {
  test("are one a token, as many as there are transactions, zero sums included", () => {
    expect(amountsOf([])).toEqual([]);
    expect(amountsOf([paying(1n, 200n)])).toEqual([[1n, 200n, 0n]]);
    expect(amountsOf([paying(1n, 200n), paying(1n, 300n)])).toEqual([
      [1n, 500n, 0n],
      [0n, 0n, 0n],
    ]);
    expect(amountsOf([paying(5n, 7n), paying(0n, 1n), paying(5n, 2n), paying(1n, 3n)])).toEqual([
      [0n, 1n, 0n],
      [1n, 3n, 0n],
      [5n, 9n, 0n],
    ]);
  });

  test("split a sum that no output can hold", () => {
    const most = 2n ** 64n - 1n;
    expect(amountsOf([paying(0n, most), paying(0n, most)]).slice(0, 2)).toEqual([
      [0n, most, 0n],
      [0n, most, 1n],
    ]);
  });
});

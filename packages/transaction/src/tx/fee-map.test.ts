import { bytesToHex } from "@mobilecoin-ts/crypto";
import { describe, expect, test } from "vitest";
import { DEFAULT_FEE_MAP, type FeeMap, feeMapDigest, feePriority, requireValidFeeMap } from "./fee-map.ts";

const feeMap = (fees: Record<number, bigint>): FeeMap =>
  new Map(Object.entries(fees).map(([tokenId, fee]) => [BigInt(tokenId), fee]));

const check = (fees: FeeMap): unknown => {
  try {
    return requireValidFeeMap(fees);
  } catch (error) {
    const { area, code, data } = error as { area: string; code: string; data: unknown };
    return { area, code, data };
  }
};

describe("a fee map", () => {
  test("of 128ths that includes token 0 is valid", () => {
    expect(check(DEFAULT_FEE_MAP)).toBeUndefined();
    expect(check(feeMap({ 0: 128n, 1: 1024n }))).toBeUndefined();
  });

  test("names the lowest token with too small a fee", () => {
    expect(check(feeMap({ 9: 0n, 3: 127n, 0: 129n }))).toEqual({
      area: "feeMap",
      code: "InvalidFeeTooSmall",
      data: { tokenId: 3n },
    });
  });

  test("then the lowest token whose fee is no multiple of 128", () => {
    expect(check(feeMap({ 9: 129n, 3: 300n }))).toEqual({
      area: "feeMap",
      code: "InvalidFeeNotDivisible",
      data: { tokenId: 3n },
    });
  });

  test("then a missing fee of token 0", () => {
    expect(check(feeMap({ 1: 128n }))).toMatchObject({ code: "MissingFee" });
    expect(check(new Map())).toMatchObject({ code: "MissingFee" });
  });

  test("has the digests of 02 section 2.17, in whatever order it was made", () => {
    expect(bytesToHex(feeMapDigest(DEFAULT_FEE_MAP))).toBe(
      "79c184506718faa8b0769d78d5d296eea5c072dcd7a900194fafb9eef2828d2e",
    );
    const two = "848a29591b8d1994efc1d200e1c7c841174f1c583824134d8428ef0e2cba63fb";
    const entries: [bigint, bigint][] = [
      [1n, 1024n],
      [0n, 400_000_000n],
    ];
    expect(bytesToHex(feeMapDigest(new Map(entries)))).toBe(two);
    expect(bytesToHex(feeMapDigest(new Map(entries.reverse())))).toBe(two);
  });
});

test("priority counts 128ths of the minimum fee, rounded down", () => {
  expect(feePriority(400_000_000n, 400_000_000n)).toBe(128n);
  expect(feePriority(1000n, 256n)).toBe(500n);
  expect(feePriority(1001n, 256n)).toBe(500n);
  expect(feePriority(383n, 256n)).toBe(191n);
});

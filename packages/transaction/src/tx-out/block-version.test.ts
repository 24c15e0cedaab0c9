import { expect, test } from "vitest";
import { blockVersion, firstVersionWith, MAX_BLOCK_VERSION, supports } from "./block-version.ts";
import { rejection } from "./testing.ts";

test("versions 0 to 4 are known, others are UnsupportedBlockVersion", () => {
  expect([0, 1, 2, 3, 4].map(blockVersion)).toEqual([0, 1, 2, 3, 4]);
  for (const version of [5, -1, 1.5, Number.NaN, 2 ** 32]) {
    expect(rejection(() => blockVersion(version))).toBe("blockVersion: UnsupportedBlockVersion");
  }
});

test("features come with their block version and stay", () => {
  expect(firstVersionWith("encryptedMemos")).toBe(1);
  expect(firstVersionWith("maskedTokenId")).toBe(2);
  expect(firstVersionWith("sortedOutputs")).toBe(3);
  expect([0, 1, 2, 3, 4].map((version) => supports(blockVersion(version), "encryptedMemos"))).toEqual([
    false,
    true,
    true,
    true,
    true,
  ]);
  expect(supports(blockVersion(2), "maskedAmountV2")).toBe(false);
  expect(supports(MAX_BLOCK_VERSION, "txSummaryDigest")).toBe(true);
});

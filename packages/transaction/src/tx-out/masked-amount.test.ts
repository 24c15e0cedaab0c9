import { Point, Scalar } from "@mobilecoin-ts/curve";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { commit } from "../proofs/pedersen.ts";
import { blockVersion } from "./block-version.ts";
import {
  amountSharedSecret,
  type MaskedAmount,
  maskAmount,
  maskAmountForBlockVersion,
  maskedAmountEquals,
  reconstructMaskedAmount,
  recoverAmount,
  recoverAmountWithAmountSharedSecret,
} from "./masked-amount.ts";
import { rejection } from "./testing.ts";

const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const secret = fc.uint8Array({ minLength: 32, maxLength: 32 });
const version = fc.constantFrom(1 as const, 2 as const);
const sharedSecret = Point.multiplyBase(Scalar.fromBigInt(7n)).encode();
const amount = { value: 1_000n, tokenId: 3n };

test("masking and recovering are inverse", () => {
  fc.assert(
    fc.property(version, u64, u64, secret, (version, value, tokenId, secret) => {
      const { maskedAmount, unmasked } = maskAmount(version, { value, tokenId }, secret);
      expect(maskedAmount.version).toBe(version);
      expect(recoverAmount(maskedAmount, secret)).toEqual(unmasked);
      expect(unmasked).toMatchObject({ value, tokenId });
      expect(commit(value, unmasked.blinding, tokenId).encode()).toEqual(maskedAmount.commitment);
      const { commitment: _, ...fields } = maskedAmount;
      expect(reconstructMaskedAmount(fields, secret).maskedAmount).toEqual(maskedAmount);
    }),
    { numRuns: 10 },
  );
});

test("block versions choose form and version", () => {
  const shape = (bv: number, tokenId: bigint) => {
    const { maskedAmount } = maskAmountForBlockVersion(
      blockVersion(bv),
      { value: 1n, tokenId },
      sharedSecret,
    );
    return [maskedAmount.version, maskedAmount.maskedTokenId.length];
  };
  expect([0, 1, 2, 3, 4].map((bv) => shape(bv, 0n))).toEqual([
    [1, 0],
    [1, 0],
    [1, 8],
    [2, 8],
    [2, 8],
  ]);
  expect(shape(2, 9n)).toEqual([1, 8]);
  for (const bv of [0, 1]) {
    expect(rejection(() => shape(bv, 1n))).toBe("amount: TokenIdNotSupportedAtBlockVersion");
  }
});

test("an amount without token id is of token 0 in version 1 only", () => {
  const { maskedAmount } = maskAmountForBlockVersion(
    blockVersion(1),
    { value: 5n, tokenId: 0n },
    sharedSecret,
  );
  expect(recoverAmount(maskedAmount, sharedSecret)).toMatchObject({ value: 5n, tokenId: 0n });
  expect(rejection(() => recoverAmount({ ...maskedAmount, version: 2 }, sharedSecret))).toBe(
    "amount: InvalidMaskedTokenId",
  );
});

describe.each([1, 2] as const)("version %i", (version) => {
  const { maskedAmount } = maskAmount(version, amount, sharedSecret);

  test("InvalidMaskedTokenId", () => {
    for (const length of [1, 7, 9, 16]) {
      const altered: MaskedAmount = { ...maskedAmount, maskedTokenId: new Uint8Array(length) };
      expect(rejection(() => recoverAmount(altered, sharedSecret))).toBe("amount: InvalidMaskedTokenId");
    }
  });

  test("InconsistentCommitment", () => {
    const other = Point.multiplyBase(Scalar.fromBigInt(8n)).encode();
    const altered: MaskedAmount[] = [
      { ...maskedAmount, maskedValue: maskedAmount.maskedValue ^ 1n },
      { ...maskedAmount, maskedTokenId: maskedAmount.maskedTokenId.map((byte) => byte ^ 1) },
      { ...maskedAmount, commitment: other },
      { ...maskedAmount, version: version === 1 ? 2 : 1 },
    ];
    for (const masked of altered) {
      expect(rejection(() => recoverAmount(masked, sharedSecret))).toBe("amount: InconsistentCommitment");
    }
    expect(rejection(() => recoverAmount(maskedAmount, other))).toBe("amount: InconsistentCommitment");
  });
});

test("the amount shared secret opens version 2 only", () => {
  const secret = amountSharedSecret(sharedSecret);
  const v2 = maskAmount(2, amount, sharedSecret);
  expect(recoverAmountWithAmountSharedSecret(v2.maskedAmount, secret)).toEqual(v2.unmasked);
  const v1 = maskAmount(1, amount, sharedSecret).maskedAmount;
  expect(rejection(() => recoverAmountWithAmountSharedSecret(v1, secret))).toBe(
    "amount: AmountVersionTooOldForAmountSharedSecret",
  );
});

test("equality is of every field", () => {
  const { maskedAmount } = maskAmount(1, amount, sharedSecret);
  expect(maskedAmountEquals(maskedAmount, { ...maskedAmount })).toBe(true);
  expect(maskedAmountEquals(undefined, undefined)).toBe(true);
  for (const other of [
    undefined,
    { ...maskedAmount, version: 2 as const },
    { ...maskedAmount, maskedValue: 0n },
    { ...maskedAmount, maskedTokenId: new Uint8Array(0) },
    { ...maskedAmount, commitment: new Uint8Array(32) },
  ]) {
    expect(maskedAmountEquals(maskedAmount, other)).toBe(false);
  }
});

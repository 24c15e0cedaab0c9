import { AccountKey } from "@mobilecoin-ts/account";
import { expect, test } from "vitest";
import { blockVersion } from "./block-version.ts";
import { confirmationNumber, validateConfirmationNumber } from "./confirmation-number.ts";
import { createTxOut } from "./create-tx-out.ts";
import { fakeFogHint } from "./fog-hint.ts";
import { checkReceipt, type Receipt, receiptCodec, receiptMatchesTxOut } from "./receipt.ts";
import { rejection } from "./testing.ts";

const alice = AccountKey.fromRootEntropy(new Uint8Array(32).fill(1));
const bob = AccountKey.fromRootEntropy(new Uint8Array(32).fill(2));
const { txOut, sharedSecret, amount } = createTxOut({
  blockVersion: blockVersion(3),
  amount: { value: 5n, tokenId: 1n },
  recipient: alice.defaultSubaddress,
  eFogHint: fakeFogHint(),
});
const receipt: Receipt = {
  publicKey: txOut.publicKey,
  confirmation: confirmationNumber(sharedSecret),
  tombstoneBlock: 100n,
  maskedAmount: txOut.maskedAmount,
};
const badKey = new Uint8Array(32).fill(255);

test("the recipient reads the amount, and sees that the output is the one promised", () => {
  expect(checkReceipt(receipt, alice.viewPrivateKey)).toEqual({ valid: true, amount });
  expect(receiptMatchesTxOut(receipt, txOut)).toBe(true);
  expect(receiptMatchesTxOut({ ...receipt, maskedAmount: undefined }, txOut)).toBe(false);
  expect(receiptMatchesTxOut({ ...receipt, publicKey: txOut.targetKey }, txOut)).toBe(false);
});

test("another account, another confirmation, another amount", () => {
  const invalid = (reason: string) => ({ valid: false, reason });
  expect(checkReceipt(receipt, bob.viewPrivateKey)).toEqual(invalid("confirmation"));
  const confirmation = new Uint8Array(32);
  expect(checkReceipt({ ...receipt, confirmation }, alice.viewPrivateKey)).toEqual(invalid("confirmation"));
  const maskedAmount = { ...receipt.maskedAmount!, maskedValue: 0n };
  expect(checkReceipt({ ...receipt, maskedAmount }, alice.viewPrivateKey)).toEqual(invalid("amount"));
});

test("malformed receipts are rejected", () => {
  const check = (change: Partial<Receipt>) =>
    rejection(() => checkReceipt({ ...receipt, ...change }, alice.viewPrivateKey));
  expect(check({ publicKey: badKey })).toBe("txOut: Key");
  expect(check({ maskedAmount: undefined })).toBe("amount: MissingMaskedAmount");
  const maskedAmount = { ...receipt.maskedAmount!, maskedTokenId: new Uint8Array(1) };
  expect(check({ maskedAmount })).toBe("amount: InvalidMaskedTokenId");
});

test("a confirmation number for a key that does not decode", () => {
  expect(rejection(() => validateConfirmationNumber(new Uint8Array(32), badKey, alice.viewPrivateKey))).toBe(
    "txOut: Key",
  );
});

test("the codec reads back what it writes, and writes the amount last", () => {
  for (const version of [1, 2] as const) {
    const written = { ...receipt, maskedAmount: { ...receipt.maskedAmount!, version } };
    const encoded = receiptCodec.encode(written);
    expect(receiptCodec.decode(encoded)).toEqual(written);
    expect(encoded[encoded.length - 57]).toBe(version === 1 ? 0x22 : 0x2a);
  }
  expect(receiptCodec.decode(new Uint8Array(0))).toEqual({
    publicKey: new Uint8Array(32),
    confirmation: new Uint8Array(32),
    tombstoneBlock: 0n,
    maskedAmount: undefined,
  });
});

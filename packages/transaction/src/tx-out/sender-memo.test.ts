import { AccountKey, DEFAULT_SUBADDRESS, shortAddressHash } from "@mobilecoin-ts/account";
import { Point, Scalar } from "@mobilecoin-ts/curve";
import { expect, test } from "vitest";
import { parseMemo } from "./memo.ts";
import { createSenderMemo, type SenderMemoStatement, validateSenderMemo } from "./sender-memo.ts";
import { rejection } from "./testing.ts";

const alice = AccountKey.fromRootEntropy(new Uint8Array(32).fill(1));
const bob = AccountKey.fromRootEntropy(new Uint8Array(32).fill(2));
const aliceAddress = alice.defaultSubaddress;
const bobView = bob.subaddressViewPrivateKey(DEFAULT_SUBADDRESS);
const publicKey = Point.multiplyBase(Scalar.fromBigInt(5n)).encode();
const credential = {
  addressHash: shortAddressHash(aliceAddress),
  subaddressSpendPrivateKey: alice.subaddressSpendPrivateKey(DEFAULT_SUBADDRESS),
};

const statements: SenderMemoStatement[] = [
  { kind: "authenticatedSender" },
  { kind: "authenticatedSenderWithPaymentRequestId", paymentRequestId: 23n },
  { kind: "authenticatedSenderWithPaymentIntentId", paymentIntentId: 24n },
];

test.each(statements)("$kind validates, and nothing altered does", (statement) => {
  const viewPublicKey = Point.decode(bob.defaultSubaddress.viewPublicKey);
  const payload = createSenderMemo(statement, credential, viewPublicKey, publicKey);
  expect(parseMemo(payload)).toMatchObject({ ...statement, senderHash: credential.addressHash });
  expect(validateSenderMemo(payload, aliceAddress, bobView, publicKey)).toBe(true);
  for (const byte of [1, 2, 18, 33, 49, 50, 65]) {
    const altered = Uint8Array.from(payload);
    altered[byte]! ^= 1;
    expect(validateSenderMemo(altered, aliceAddress, bobView, publicKey)).toBe(false);
  }
  expect(validateSenderMemo(payload, bob.defaultSubaddress, bobView, publicKey)).toBe(false);
  expect(validateSenderMemo(payload, alice.subaddress(1n), bobView, publicKey)).toBe(false);
  expect(validateSenderMemo(payload, aliceAddress, bob.viewPrivateKey, publicKey)).toBe(false);
  expect(validateSenderMemo(payload, aliceAddress, bobView, aliceAddress.viewPublicKey)).toBe(false);
});

test("memos of other kinds prove no sender", () => {
  expect(validateSenderMemo(new Uint8Array(66), aliceAddress, bobView, publicKey)).toBe(false);
});

test("malformed arguments are rejected", () => {
  expect(rejection(() => validateSenderMemo(new Uint8Array(65), aliceAddress, bobView, publicKey))).toBe(
    "memo: BadLength",
  );
  const bad = { ...aliceAddress, spendPublicKey: new Uint8Array(32).fill(255) };
  const payload = new Uint8Array(66);
  payload[0] = 1;
  expect(rejection(() => validateSenderMemo(payload, bad, bobView, publicKey))).toBe("txOut: Key");
});

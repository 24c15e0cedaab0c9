import { bytesToHex } from "@mobilecoin-ts/crypto";
import { expect, test } from "vitest";
import { type TxOut, txOutEquals, txOutEqualsIgnoringAmount, txOutHash, txOutMerkleLeaf } from "./tx-out.ts";

const bytes = (length: number, fill: number) => new Uint8Array(length).fill(fill);
const txOut: TxOut = {
  maskedAmount: { version: 1, commitment: bytes(32, 1), maskedValue: 2n, maskedTokenId: bytes(8, 3) },
  targetKey: bytes(32, 4),
  publicKey: bytes(32, 5),
  eFogHint: bytes(84, 6),
  eMemo: bytes(66, 7),
};

const changes: readonly (readonly [string, Partial<TxOut>])[] = [
  ["target key", { targetKey: bytes(32, 0) }],
  ["public key", { publicKey: bytes(32, 0) }],
  ["hint", { eFogHint: bytes(84, 0) }],
  ["memo", { eMemo: bytes(66, 0) }],
  ["memo present", { eMemo: undefined }],
];
const amountChanges: readonly (readonly [string, Partial<TxOut>])[] = [
  ["amount present", { maskedAmount: undefined }],
  ["amount version", { maskedAmount: { ...txOut.maskedAmount!, version: 2 } }],
  ["masked value", { maskedAmount: { ...txOut.maskedAmount!, maskedValue: 0n } }],
  ["commitment", { maskedAmount: { ...txOut.maskedAmount!, commitment: bytes(32, 0) } }],
  ["masked token id", { maskedAmount: { ...txOut.maskedAmount!, maskedTokenId: bytes(0, 0) } }],
];

test.each(changes)("equality and hash see another %s", (_, change) => {
  const other = { ...txOut, ...change };
  expect(txOutEquals(txOut, other)).toBe(false);
  expect(txOutEqualsIgnoringAmount(txOut, other)).toBe(false);
  expect(txOutEqualsIgnoringAmount(other, txOut)).toBe(false);
  expect(txOutHash(other)).not.toEqual(txOutHash(txOut));
});

test.each(amountChanges)("another %s matters only where amounts do", (_, change) => {
  const other = { ...txOut, ...change };
  expect(txOutEquals(txOut, other)).toBe(false);
  expect(txOutEqualsIgnoringAmount(txOut, other)).toBe(true);
  expect(txOutHash(other)).not.toEqual(txOutHash(txOut));
});

test("an equal copy hashes the same; leaf and hash differ", () => {
  const copy = { ...txOut, eMemo: bytes(66, 7), maskedAmount: { ...txOut.maskedAmount! } };
  expect(txOutEquals(txOut, copy)).toBe(true);
  expect(txOutHash(copy)).toEqual(txOutHash(txOut));
  expect(bytesToHex(txOutMerkleLeaf(txOut))).not.toBe(bytesToHex(txOutHash(txOut)));
});

import { WireError } from "@mobilecoin-ts/wire";
import { expect, test } from "vitest";
import { TestLedger } from "../testing/test-ledger.ts";
import { proofsCodec, txsWithProofsCodec } from "./proof-table.ts";

const ledger = new TestLedger(2);
const [{ rootProofs }, { rootProofs: others }] = [ledger.payment(0), ledger.payment(1)];

test("proofs that are one object cross once, and are one object again", () => {
  const txs = [
    { encryptedTx: Uint8Array.of(1), proofs: rootProofs },
    { encryptedTx: Uint8Array.of(2), proofs: [...others, rootProofs[0]!] },
    { encryptedTx: new Uint8Array(0), proofs: [] },
  ];
  const bytes = txsWithProofsCodec.encode(txs);
  expect(bytes.length).toBeLessThan(3 * proofsCodec.encode(rootProofs).length);
  const decoded = txsWithProofsCodec.decode(bytes);
  expect(decoded).toEqual(txs);
  expect(new Set(decoded.flatMap(({ proofs }) => proofs)).size).toBe(2);
  expect(proofsCodec.decode(proofsCodec.encode(rootProofs))).toEqual(rootProofs);
});

test("a position outside the table is refused", () => {
  expect(() => proofsCodec.decode(Uint8Array.of(0x12, 1, 0))).toThrow(WireError);
});

import {
  AccountKey,
  CHANGE_SUBADDRESS,
  GIFT_CODE_SUBADDRESS,
  type PublicAddress,
} from "@mobilecoin-ts/account";
import { expect, test } from "vitest";
import { blockVersion } from "./block-version.ts";
import { createTxOut } from "./create-tx-out.ts";
import { fakeFogHint } from "./fog-hint.ts";
import { type ScannableTxOut, scanTxOuts } from "./scan.ts";
import { SubaddressTable } from "./subaddress-table.ts";

const alice = AccountKey.fromRootEntropy(new Uint8Array(32).fill(1));
const bob = AccountKey.fromRootEntropy(new Uint8Array(32).fill(2));
const view = alice.viewAccountKey();
const table = SubaddressTable.ofAccount(view);
const eFogHint = fakeFogHint();

function pay(recipient: PublicAddress, bv = 3, amount = { value: 5n, tokenId: 0n }) {
  return createTxOut({ blockVersion: blockVersion(bv), amount, recipient, eFogHint });
}

test("finds own outputs of every block version and subaddress, in order, among others'", () => {
  const made = [
    pay(bob.defaultSubaddress),
    pay(alice.defaultSubaddress, 0),
    pay(bob.defaultSubaddress, 0),
    pay(alice.subaddress(CHANGE_SUBADDRESS), 1),
    pay(alice.subaddress(GIFT_CODE_SUBADDRESS), 2),
    pay(bob.defaultSubaddress, 2),
    pay(alice.defaultSubaddress, 3, { value: 2n ** 64n - 1n, tokenId: 8192n }),
    pay(alice.defaultSubaddress, 4, { value: 0n, tokenId: 2n ** 64n - 1n }),
    pay(alice.subaddress(77n), 3),
  ];
  const txOuts = made.map(({ txOut }) => txOut);
  const hits = scanTxOuts(view, txOuts, table, { orphans: true });
  expect(scanTxOuts(view, txOuts, table)).toEqual(hits.filter((hit) => hit.kind === "owned"));
  expect(hits.map((hit) => [hit.position, hit.kind === "owned" ? hit.subaddressIndex : "orphaned"])).toEqual([
    [1, 0n],
    [3, CHANGE_SUBADDRESS],
    [4, GIFT_CODE_SUBADDRESS],
    [6, 0n],
    [7, 0n],
    [8, "orphaned"],
  ]);
  for (const { position, amount, sharedSecret } of hits) {
    expect(amount).toEqual(made[position]!.amount);
    expect(sharedSecret).toEqual(made[position]!.sharedSecret);
  }
});

test("an orphan names its subaddress, and is owned once that is in the table", () => {
  const { txOut } = pay(alice.subaddress(77n));
  const [hit] = scanTxOuts(view, [txOut], table, { orphans: true });
  expect(hit).toMatchObject({
    kind: "orphaned",
    subaddressSpendPublicKey: alice.subaddress(77n).spendPublicKey,
  });
  const larger = SubaddressTable.ofAccount(view, [0n, 77n]);
  expect(larger.size).toBe(2);
  expect(larger.find(alice.subaddress(77n).spendPublicKey)).toBe(77n);
  expect(scanTxOuts(view, [txOut], larger)).toMatchObject([{ kind: "owned", subaddressIndex: 77n }]);
});

test("of orphans, those of tokens below 2^32 are found", () => {
  for (const bv of [0, 1, 2, 3, 4]) {
    const { txOut } = pay(alice.subaddress(77n), bv);
    expect(scanTxOuts(view, [txOut], table, { orphans: true })).toMatchObject([{ kind: "orphaned" }]);
  }
  const found = (tokenId: bigint) => {
    const { txOut } = pay(alice.subaddress(77n), 3, { value: 1n, tokenId });
    return scanTxOuts(view, [txOut], table, { orphans: true }).length;
  };
  expect([2n ** 32n - 1n, 2n ** 32n, 2n ** 64n - 1n].map(found)).toEqual([1, 0, 0]);
});

test("malformed outputs are passed over", () => {
  const { txOut } = pay(alice.defaultSubaddress);
  const bad = new Uint8Array(32).fill(255);
  const malformed: ScannableTxOut[] = [
    { ...txOut, publicKey: bad },
    { ...txOut, maskedAmount: undefined },
    { ...txOut, maskedAmount: { ...txOut.maskedAmount!, maskedTokenId: new Uint8Array(3) } },
    { ...txOut, maskedAmount: { ...txOut.maskedAmount!, maskedTokenId: new Uint8Array(0) } },
    { ...txOut, maskedAmount: { ...txOut.maskedAmount!, commitment: bad } },
  ];
  expect(scanTxOuts(view, malformed, table, { orphans: true })).toEqual([]);
  expect(scanTxOuts(view, [{ ...txOut, targetKey: bad }], table)).toEqual([]);
  expect(scanTxOuts(view, [{ ...txOut, targetKey: bad }], table, { orphans: true })).toMatchObject([
    { kind: "orphaned", subaddressSpendPublicKey: undefined },
  ]);
});

test("positions go on across batches", () => {
  const { txOut } = pay(alice.defaultSubaddress);
  const other = { ...txOut, publicKey: new Uint8Array(32).fill(255) };
  const txOuts = new Array<ScannableTxOut>(600).fill(other);
  for (const position of [0, 255, 256, 599]) txOuts[position] = txOut;
  expect(scanTxOuts(view, txOuts, table).map((hit) => hit.position)).toEqual([0, 255, 256, 599]);
});

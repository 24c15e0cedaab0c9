import { AccountKey, mnemonicEntropy } from "@mobilecoin-ts/account";
import { Point, Scalar } from "@mobilecoin-ts/curve";
import { expect, test } from "vitest";
import { describeVectors, readVectorText } from "./vectors.ts";

type Bytes = number[];

interface SubaddressRow {
  view_private_key: Bytes;
  spend_private_key: Bytes;
  subaddress_index?: string;
  subaddress_view_private_key: Bytes;
  subaddress_spend_private_key: Bytes;
  subaddress_view_public_key: Bytes;
  subaddress_spend_public_key: Bytes;
}

/** Rows whose u64 members would lose digits as JSON numbers: they are read as strings. */
function loadExact<Row>(path: string): Row[] {
  return readVectorText(path)
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line.replace(/"subaddress_index":(\d+)/g, '"subaddress_index":"$1"')) as Row);
}

function expectBytes(actual: Uint8Array, expected: Bytes): void {
  expect([...actual]).toEqual(expected);
}

function expectSubaddress(row: SubaddressRow): void {
  const index = BigInt(row.subaddress_index ?? 0);
  const account = new AccountKey({
    viewPrivateKey: Scalar.fromBytes(Uint8Array.from(row.view_private_key)),
    spendPrivateKey: Scalar.fromBytes(Uint8Array.from(row.spend_private_key)),
  });
  const keys = account.subaddressPrivateKeys(index);
  expectBytes(keys.viewPrivateKey.toBytes(), row.subaddress_view_private_key);
  expectBytes(keys.spendPrivateKey.toBytes(), row.subaddress_spend_private_key);
  // By the private route and by the one of view-only accounts.
  for (const address of [account.subaddress(index), account.viewAccountKey().subaddress(index)]) {
    expectBytes(address.viewPublicKey, row.subaddress_view_public_key);
    expectBytes(address.spendPublicKey, row.subaddress_spend_public_key);
  }
  expect(Point.tryDecode(Uint8Array.from(row.subaddress_view_public_key))).toBeDefined();
}

describeVectors("account_keys", () => {
  loadExact<{ root_entropy: Bytes; view_private_key: Bytes; spend_private_key: Bytes }>(
    "account_keys/acct_priv_keys_from_root_entropy.jsonl",
  ).forEach((row, i) => {
    test(`root entropy ${i}`, () => {
      const account = AccountKey.fromRootEntropy(Uint8Array.from(row.root_entropy));
      expectBytes(account.viewPrivateKey.toBytes(), row.view_private_key);
      expectBytes(account.spendPrivateKey.toBytes(), row.spend_private_key);
    });
  });

  loadExact<{
    entropy: Bytes;
    mnemonic: string;
    account_index: number;
    view_private_key: Bytes;
    spend_private_key: Bytes;
  }>("account_keys/acct_priv_keys_from_bip39.jsonl").forEach((row, i) => {
    test(`mnemonic ${i}`, () => {
      expectBytes(mnemonicEntropy(row.mnemonic), row.entropy);
      const account = AccountKey.fromMnemonic(row.mnemonic, row.account_index);
      expectBytes(account.viewPrivateKey.toBytes(), row.view_private_key);
      expectBytes(account.spendPrivateKey.toBytes(), row.spend_private_key);
    });
  });

  loadExact<SubaddressRow>("account_keys/default_subaddr_keys_from_acct_priv_keys.jsonl").forEach(
    (row, i) => {
      test(`default subaddress ${i}`, () => expectSubaddress(row));
    },
  );

  loadExact<SubaddressRow>("account_keys/subaddr_keys_from_acct_priv_keys.jsonl").forEach((row, i) => {
    test(`subaddress ${i}`, () => expectSubaddress(row));
  });
});

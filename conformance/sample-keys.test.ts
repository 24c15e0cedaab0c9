import { AccountKey, accountKeyOfKeyFile, encodePrintable, sampleKeys } from "@mobilecoin-ts/account";
import { bytesToHex, hexToBytes } from "@mobilecoin-ts/crypto";
import { expect, test } from "vitest";
import { describeVectors, loadVectors } from "./vectors.ts";

interface KeyFileRow {
  name: string;
  hc128_seed: string;
  mnemonic: string;
  account_index: string;
  fog_report_url: null;
  fog_report_id: null;
  fog_authority_spki: null;
}

interface KnownRow {
  name: string;
  root_entropy: string;
  view_private_key: string;
  spend_private_key: string;
  public_address_b58: string;
}

/** Upstream's file holds ten phrases, in the order of its directory. */
const SET_SIZE = 10;

describeVectors("sample_keys", () => {
  for (const row of loadVectors<KeyFileRow>("sample_keys/keyfile_mnemonics.jsonl")) {
    test(row.name, () => {
      const keys = sampleKeys(SET_SIZE, undefined, hexToBytes(row.hc128_seed));
      const found = keys.find(({ file }) => file.mnemonic === row.mnemonic);
      expect(found?.file).toEqual({
        kind: "mnemonic",
        mnemonic: row.mnemonic,
        accountIndex: Number(row.account_index),
      });
      expect(accountKeyOfKeyFile(found!.file).equals(AccountKey.fromMnemonic(row.mnemonic))).toBe(true);
    });
  }

  for (const row of loadVectors<KnownRow>("sample_keys/known_accounts.jsonl")) {
    test(row.name, () => {
      const account = AccountKey.fromRootEntropy(hexToBytes(row.root_entropy));
      expect(bytesToHex(account.viewPrivateKey.toBytes())).toBe(row.view_private_key);
      expect(bytesToHex(account.spendPrivateKey.toBytes())).toBe(row.spend_private_key);
      const address = account.defaultSubaddress;
      expect(encodePrintable({ kind: "publicAddress", address })).toBe(row.public_address_b58);
    });
  }
});

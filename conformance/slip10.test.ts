import { bytesToHex, hexToBytes } from "@mobilecoin-ts/crypto";
import { expect, test } from "vitest";
import {
  privateKeysFromSlip10,
  slip10KeyFromMnemonic,
  slip10WideKeys,
} from "../packages/account/src/slip10.ts";
import { describeVectors, loadVectors } from "./vectors.ts";

interface KeyRow {
  name: string;
  slip10_key: string;
  view_wide: string;
  spend_wide: string;
  view_private_key: string;
  spend_private_key: string;
}

function expectKeys(row: KeyRow): void {
  const slip10Key = hexToBytes(row.slip10_key);
  const wide = slip10WideKeys(slip10Key);
  expect(bytesToHex(wide.view)).toBe(row.view_wide);
  expect(bytesToHex(wide.spend)).toBe(row.spend_wide);
  const keys = privateKeysFromSlip10(slip10Key);
  expect(bytesToHex(keys.viewPrivateKey.toBytes())).toBe(row.view_private_key);
  expect(bytesToHex(keys.spendPrivateKey.toBytes())).toBe(row.spend_private_key);
}

describeVectors("slip10", () => {
  for (const row of loadVectors<KeyRow>("slip10/slip10_key.jsonl")) {
    test(row.name, () => expectKeys(row));
  }
  for (const row of loadVectors<KeyRow & { phrase: string; account_index: string }>(
    "slip10/slip10_mnemonic.jsonl",
  )) {
    test(row.name, () => {
      const slip10Key = slip10KeyFromMnemonic(row.phrase, Number(row.account_index));
      expect(bytesToHex(slip10Key)).toBe(row.slip10_key);
      expectKeys(row);
    });
  }
});

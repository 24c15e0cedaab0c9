import { AccountError, mnemonicEntropy, mnemonicFromEntropy } from "@mobilecoin-ts/account";
import { bytesToHex, hexToBytes } from "@mobilecoin-ts/crypto";
import { expect, test } from "vitest";
import { describeVectors, loadVectors } from "./vectors.ts";

interface Row {
  name: string;
  entropy: string | null;
  mnemonic: string | null;
  valid: boolean;
}

describeVectors("bip39", () => {
  for (const { name, entropy, mnemonic, valid } of loadVectors<Row>("bip39/mnemonics.jsonl")) {
    test(name, () => {
      if (valid) {
        expect(mnemonicFromEntropy(hexToBytes(entropy!))).toBe(mnemonic);
        expect(bytesToHex(mnemonicEntropy(mnemonic!))).toBe(entropy);
      } else if (mnemonic === null) {
        expect(() => mnemonicFromEntropy(hexToBytes(entropy!))).toThrow(AccountError);
      } else {
        expect(() => mnemonicEntropy(mnemonic)).toThrow(AccountError);
      }
    });
  }
});

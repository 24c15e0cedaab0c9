import { concat } from "@mobilecoin-ts/crypto";
import { Scalar } from "@mobilecoin-ts/curve";
import { describe, expect, test } from "vitest";
import { AccountKey } from "./account-key.ts";
import { formatB58PubFile, formatPubFile, parseB58PubFile, parsePubFile } from "./address-file.ts";
import { mnemonicFromEntropy } from "./mnemonic.ts";
import { decodeMnemonicAccount, encodeMnemonicAccount } from "./mnemonic-account-codec.ts";
import { encodePrintable } from "./printable.ts";

const address = AccountKey.fromRootEntropy(new Uint8Array(32)).defaultSubaddress;

describe("address files", () => {
  test("round trip", () => {
    expect(parsePubFile(formatPubFile(address))).toEqual(address);
    expect(parseB58PubFile(formatB58PubFile(address))).toEqual(address);
  });

  test("are refused when they hold something else", () => {
    const refusal = (run: () => unknown, code: string) =>
      expect(run).toThrow(expect.objectContaining({ code }));
    refusal(() => parsePubFile(concat(formatPubFile(address), Uint8Array.of(0x0a))), "Encode");
    refusal(() => parseB58PubFile(`${formatB58PubFile(address)}\n`), "B58");
    const giftCode = { globalIndex: 1n, onetimePrivateKey: Scalar.ONE, sharedSecret: address.viewPublicKey };
    refusal(() => parseB58PubFile(encodePrintable({ kind: "txOutGiftCode", giftCode })), "Encode");
  });
});

describe("mnemonic accounts as protobuf", () => {
  const mnemonic = mnemonicFromEntropy(new Uint8Array(32));
  const fog = { reportUrl: "fog://example.com", reportId: "", authoritySpki: Uint8Array.of(1) };

  test("round trip, account index 0 included", () => {
    for (const file of [
      { kind: "mnemonic", mnemonic, accountIndex: 0 } as const,
      { kind: "mnemonic", mnemonic, accountIndex: 5, fog } as const,
    ]) {
      expect(decodeMnemonicAccount(encodeMnemonicAccount(file))).toEqual(file);
    }
  });

  test("name what is missing", () => {
    const refusal = (bytes: Uint8Array, code: string) =>
      expect(() => decodeMnemonicAccount(bytes)).toThrow(expect.objectContaining({ code }));
    refusal(new Uint8Array(0), "NoMnemonic");
    refusal(Uint8Array.of(0x0a, 1, 0x61), "InvalidMnemonic");
    refusal(Uint8Array.of(0x0a, 9), "Encode");
    const whole = encodeMnemonicAccount({ kind: "mnemonic", mnemonic, accountIndex: 1 });
    refusal(whole.slice(0, -2), "NoAccountIndex");
    expect(() =>
      encodeMnemonicAccount({ kind: "mnemonic", mnemonic, accountIndex: 0, fog: { ...fog, reportUrl: "" } }),
    ).toThrow(expect.objectContaining({ code: "MissingFogDetails" }));
  });
});

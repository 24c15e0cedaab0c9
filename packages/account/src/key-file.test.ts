import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AccountKey } from "./account-key.ts";
import { AccountError } from "./error.ts";
import { accountKeyOfKeyFile, formatKeyFile, type KeyFile, parseKeyFile } from "./key-file.ts";
import { mnemonicFromEntropy } from "./mnemonic.ts";

const mnemonic = mnemonicFromEntropy(new Uint8Array(32));
const fog = { reportUrl: "fog://example.com", reportId: "id", authoritySpki: Uint8Array.of(0x30, 0) };
const rootEntropy = new Uint8Array(32).fill(7);

function refusal(text: string, code: string): void {
  expect(() => parseKeyFile(text)).toThrow(expect.objectContaining({ code }));
}

describe("key files", () => {
  test("round trip in both forms, with and without Fog", () => {
    const files: KeyFile[] = [
      { kind: "mnemonic", mnemonic, accountIndex: 3 },
      { kind: "mnemonic", mnemonic, accountIndex: 0, fog },
      { kind: "rootEntropy", rootEntropy },
      { kind: "rootEntropy", rootEntropy, fog },
    ];
    for (const file of files) expect(parseKeyFile(formatKeyFile(file))).toEqual(file);
  });

  test("hold the account they name", () => {
    const account = accountKeyOfKeyFile({ kind: "mnemonic", mnemonic, accountIndex: 3, fog });
    expect(account.equals(AccountKey.fromMnemonic(mnemonic, 3, fog))).toBe(true);
    expect(
      accountKeyOfKeyFile({ kind: "rootEntropy", rootEntropy }).equals(
        AccountKey.fromRootEntropy(rootEntropy),
      ),
    ).toBe(true);
  });

  test("are written as upstream writes them", () => {
    expect(JSON.parse(formatKeyFile({ kind: "mnemonic", mnemonic, accountIndex: 0 }))).toEqual({
      mnemonic,
      account_index: 0,
      fog_report_url: null,
      fog_report_id: null,
      fog_authority_spki: null,
    });
    expect(JSON.parse(formatKeyFile({ kind: "rootEntropy", rootEntropy, fog }))).toEqual({
      root_entropy: [...rootEntropy],
      fog_url: "fog://example.com",
      fog_report_id: "id",
      fog_authority_spki: [0x30, 0],
    });
  });

  test("absent Fog fields of the mnemonic form mean none", () => {
    expect(parseKeyFile(JSON.stringify({ mnemonic, account_index: 1 }))).toEqual({
      kind: "mnemonic",
      mnemonic,
      accountIndex: 1,
    });
  });

  test("URL and authority key are written together or not at all", () => {
    for (const half of [
      { ...fog, reportUrl: "" },
      { ...fog, authoritySpki: new Uint8Array(0) },
    ]) {
      expect(() => formatKeyFile({ kind: "mnemonic", mnemonic, accountIndex: 0, fog: half })).toThrow(
        expect.objectContaining({ code: "MissingFogDetails" }),
      );
    }
  });

  test("a phrase that could not be read back is not written", () => {
    expect(() => formatKeyFile({ kind: "mnemonic", mnemonic: "abandon", accountIndex: 0 })).toThrow(
      expect.objectContaining({ code: "InvalidMnemonic" }),
    );
  });

  test("name what is wrong", () => {
    refusal("", "Json");
    refusal("[]", "Json");
    refusal("null", "Json");
    refusal("{}", "NoMnemonic");
    refusal(JSON.stringify({ mnemonic: null }), "NoMnemonic");
    refusal(JSON.stringify({ mnemonic: 5 }), "Json");
    refusal(JSON.stringify({ mnemonic: "abandon", account_index: 0 }), "InvalidMnemonic");
    refusal(JSON.stringify({ mnemonic }), "NoAccountIndex");
    refusal(JSON.stringify({ mnemonic, account_index: -1 }), "Json");
    refusal(JSON.stringify({ mnemonic, account_index: 0, fog_report_url: 1 }), "Json");
    refusal(JSON.stringify({ mnemonic, account_index: 0, fog_authority_spki: [256] }), "Json");
    refusal(JSON.stringify({ root_entropy: [1] }), "Json");
    refusal(JSON.stringify({ root_entropy: [...rootEntropy] }), "Json");
    refusal(JSON.stringify({ root_entropy: "00", fog_url: "" }), "Json");
  });

  test("any JSON is read or refused with a typed error", () => {
    const fields = fc.record(
      {
        mnemonic: fc.oneof(fc.constant(mnemonic), fc.jsonValue()),
        account_index: fc.oneof(fc.nat(), fc.jsonValue()),
        root_entropy: fc.jsonValue(),
        fog_report_url: fc.jsonValue(),
        fog_authority_spki: fc.oneof(fc.array(fc.nat(255)), fc.jsonValue()),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(fields, fc.jsonValue()), (value) => {
        try {
          parseKeyFile(JSON.stringify(value));
        } catch (error) {
          expect(error).toBeInstanceOf(AccountError);
        }
      }),
    );
  });
});

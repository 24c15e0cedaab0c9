import { bytesToHex, concat, hexToBytes } from "@mobilecoin-ts/crypto";
import { Scalar } from "@mobilecoin-ts/curve";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AccountKey } from "./account-key.ts";
import { mnemonicFromEntropy } from "./mnemonic.ts";
import {
  CHANGE_SUBADDRESS,
  DEFAULT_SUBADDRESS,
  FIRST_RESERVED_SUBADDRESS,
  GIFT_CODE_SUBADDRESS,
  INVALID_SUBADDRESS,
} from "./subaddress-index.ts";

const zero = AccountKey.fromRootEntropy(new Uint8Array(32));

function hex(scalar: Scalar): string {
  return bytesToHex(scalar.toBytes());
}

describe("quotable values of 01 section 5.3", () => {
  test("root entropy of zeros", () => {
    expect(hex(zero.viewPrivateKey)).toBe("b0146de8cd8f5b7962f9e74a5ef0f3e58a9550c9527ac144f38729f0fd3fed0e");
    expect(hex(zero.spendPrivateKey)).toBe(
      "b4bf01a77ed4e065e9082d4bda67add30c88e021dcf81fc84e6a9ca2cb68e107",
    );
    expect(hex(zero.subaddressViewPrivateKey(0n))).toBe(
      "be9f9e93e6533c3b2503867200f032f31e3c4e0f17961ff6c001754cf1639408",
    );
    expect(hex(zero.subaddressSpendPrivateKey(0n))).toBe(
      "801d197d590662325bd28c71f92f5f44f9c0b5a81ed12909ff09b833d8b56106",
    );
    const expected: [bigint, string, string][] = [
      [
        DEFAULT_SUBADDRESS,
        "78901c11834e842df6be98c127953513e116095d4122cc27d807b4511cb81e11",
        "f62ff1c33a2285b1aee612ed87281f2c68bb2b5b0f1439a13e4ab728f98efb6a",
      ],
      [
        CHANGE_SUBADDRESS,
        "c42d66a529e381b62d23c0954698e5af0176372c67b6ab739493ce5bc2c26023",
        "4cafad37ccc1b798e654a1e31ee28683a8c4eceb3c63c4d5a06d2834fd8e644d",
      ],
      [
        GIFT_CODE_SUBADDRESS,
        "e852d0b1a7d580419a4e6bfabaff3ae61617ce8868353f4d3809c9cbfe21ca2a",
        "00bc54762b9d4ec4d53d99b205c0a5e7bfbba36b9bee486f451f9383dd93361e",
      ],
    ];
    for (const [index, view, spend] of expected) {
      expect(bytesToHex(zero.subaddress(index).viewPublicKey)).toBe(view);
      expect(bytesToHex(zero.subaddress(index).spendPublicKey)).toBe(spend);
    }
  });

  test("mnemonics", () => {
    const short = AccountKey.fromMnemonic(`${"abandon ".repeat(11)}about`);
    expect(hex(short.viewPrivateKey)).toBe(
      "bc81a3710d75c69dc627b6c0497806350bb3d27b3b58d1c299df006da900c004",
    );
    expect(hex(short.spendPrivateKey)).toBe(
      "94b7d9bd493e57fcc7e7199860131a0e9a744c139dd97fd753fc78738c7aa306",
    );
    const long = AccountKey.fromMnemonic(mnemonicFromEntropy(new Uint8Array(32)));
    expect(hex(long.viewPrivateKey)).toBe("8252ac17786c450c3f16b3c42faca2194b93ac2dccfdedd8d30d28a58bd32100");
    expect(hex(long.spendPrivateKey)).toBe(
      "53fa3e83ddab23485e67873262e5b6983d1a2771df1483ef598aa18744807d05",
    );
    expect(hex(long.subaddressViewPrivateKey(0n))).toBe(
      "031a37a16479b38c209185fe70e9a949368f2e2cd8d96419c721ce0deacfbf0a",
    );
    expect(bytesToHex(long.defaultSubaddress.viewPublicKey)).toBe(
      "08ad42828b934e6590794f788c5a5599afa12ca8080b90afbbbf928a0a30cd6f",
    );
  });
});

describe("subaddresses", () => {
  test("come out the same by both routes", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (index) => {
        expect(zero.viewAccountKey().subaddress(index)).toEqual(zero.subaddress(index));
        expect(zero.viewAccountKey().subaddressSpendPublicKey(index).encode()).toEqual(
          zero.subaddress(index).spendPublicKey,
        );
      }),
      { numRuns: 5 },
    );
  });

  test("the invalid index derives like any other; what is no u64 does not", () => {
    expect(zero.subaddress(INVALID_SUBADDRESS).viewPublicKey.length).toBe(32);
    expect(FIRST_RESERVED_SUBADDRESS).toBe(0x8000_0000_0000_0000n);
    for (const bad of [-1n, 2n ** 64n]) {
      expect(() => zero.subaddress(bad)).toThrow(expect.objectContaining({ code: "IndexOutOfRange" }));
      expect(() => zero.viewAccountKey().subaddress(bad)).toThrow(
        expect.objectContaining({ code: "IndexOutOfRange" }),
      );
    }
  });
});

describe("accounts", () => {
  test("bit 31 of the account index is dropped", () => {
    const mnemonic = mnemonicFromEntropy(new Uint8Array(16));
    expect(AccountKey.fromMnemonic(mnemonic, 0x8000_0001).equals(AccountKey.fromMnemonic(mnemonic, 1))).toBe(
      true,
    );
    expect(AccountKey.fromMnemonic(mnemonic, 1).equals(AccountKey.fromMnemonic(mnemonic, 2))).toBe(false);
    for (const bad of [-1, 2 ** 32, 1.5]) {
      expect(() => AccountKey.fromMnemonic(mnemonic, bad)).toThrow(
        expect.objectContaining({ code: "IndexOutOfRange" }),
      );
    }
  });

  test("root entropy is 32 bytes", () => {
    expect(() => AccountKey.fromRootEntropy(new Uint8Array(31))).toThrow(
      expect.objectContaining({ code: "LengthMismatch", data: { found: 31, required: 32 } }),
    );
  });

  test("a random account draws its spend key first", () => {
    const draws = [1, 2].map((value) => concat(Uint8Array.of(value), new Uint8Array(63)));
    const account = AccountKey.random(() => draws.shift()!);
    expect(account.spendPrivateKey.toBigInt()).toBe(1n);
    expect(account.viewPrivateKey.toBigInt()).toBe(2n);
  });

  test("without a report URL there is no signature, though the id is copied", () => {
    const fog = { reportUrl: "", reportId: "id", authoritySpki: hexToBytes("30") };
    const address = zero.withFog(fog).subaddress(0n);
    expect(address.fogReportId).toBe("id");
    expect(address.fogAuthoritySig.length).toBe(0);
    expect(zero.withFog(fog).equals(zero)).toBe(false);
    expect(zero.withFog(fog).withFog(undefined).equals(zero)).toBe(true);
  });

  test("keys may be zero", () => {
    const account = new AccountKey({ viewPrivateKey: Scalar.ZERO, spendPrivateKey: Scalar.ZERO });
    expect(bytesToHex(account.subaddress(0n).viewPublicKey)).toBe("00".repeat(32));
    expect(account.viewAccountKey().spendPublicKey.isIdentity()).toBe(true);
  });
});

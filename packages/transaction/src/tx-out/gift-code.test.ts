import { AccountKey, DEFAULT_SUBADDRESS } from "@mobilecoin-ts/account";
import { bytesToHex, hexToBytes } from "@mobilecoin-ts/crypto";
import { Point, Scalar } from "@mobilecoin-ts/curve";
import { WireError } from "@mobilecoin-ts/wire";
import { describe, expect, test } from "vitest";
import { blockVersion } from "./block-version.ts";
import { createTxOut } from "./create-tx-out.ts";
import { fakeFogHint } from "./fog-hint.ts";
import { giftCodeShortHash, type TxOutGiftCode, txOutGiftCodeCodec } from "./gift-code.ts";
import { recoverAmount } from "./masked-amount.ts";
import { recoverOnetimePrivateKey } from "./onetime-keys.ts";

const alice = AccountKey.fromRootEntropy(new Uint8Array(32).fill(1));
const { txOut, sharedSecret, amount } = createTxOut({
  blockVersion: blockVersion(3),
  amount: { value: 5n, tokenId: 1n },
  recipient: alice.defaultSubaddress,
  eFogHint: fakeFogHint(),
});
const giftCode: TxOutGiftCode = {
  globalIndex: 300n,
  onetimePrivateKey: recoverOnetimePrivateKey(
    sharedSecret,
    alice.subaddressSpendPrivateKey(DEFAULT_SUBADDRESS),
  ),
  sharedSecret,
};

test("whoever holds the code can open and spend the output", () => {
  const found = txOutGiftCodeCodec.decode(txOutGiftCodeCodec.encode(giftCode));
  expect(found.globalIndex).toBe(300n);
  expect(recoverAmount(txOut.maskedAmount!, found.sharedSecret)).toEqual(amount);
  expect(Point.multiplyBase(found.onetimePrivateKey).encode()).toEqual(txOut.targetKey);
});

describe("codec", () => {
  test("writes every field, zero too", () => {
    const zero = { globalIndex: 0n, onetimePrivateKey: Scalar.ZERO, sharedSecret: new Uint8Array(32) };
    const key = `220a20${"00".repeat(32)}`;
    expect(bytesToHex(txOutGiftCodeCodec.encode(zero))).toBe(`080012${key}1a${key}`);
  });

  test.each([
    ["private key that is not reduced", `12220a20${"ff".repeat(32)}`, "TxOutGiftCode.onetimePrivateKey"],
    ["shared secret that is no point", `1a220a20${"ff".repeat(32)}`, "TxOutGiftCode.sharedSecret"],
  ])("refuses a %s", (_, encoded, path) => {
    try {
      txOutGiftCodeCodec.decode(hexToBytes(encoded));
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(WireError);
      expect(error).toMatchObject({ code: "Content", path });
    }
  });
});

test("the short hash names the output", () => {
  expect(giftCodeShortHash(txOut.publicKey)).toHaveLength(4);
  expect(giftCodeShortHash(txOut.publicKey)).not.toEqual(giftCodeShortHash(txOut.targetKey));
});

import { AccountKey, CHANGE_SUBADDRESS } from "@mobilecoin-ts/account";
import { cryptoBoxOpen } from "@mobilecoin-ts/crypto";
import { Point, Scalar } from "@mobilecoin-ts/curve";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TransactionError } from "../error.ts";
import { keyImageOf } from "../proofs/key-image.ts";
import { blockVersion } from "./block-version.ts";
import { type CreateTxOutOptions, createTxOut } from "./create-tx-out.ts";
import { encryptFogHint, fakeFogHint } from "./fog-hint.ts";
import { parseMemo } from "./memo.ts";
import { RthMemoBuilder } from "./memo-builders/rth-memo-builder.ts";
import { decryptMemo } from "./memo-encryption.ts";
import { recoverOnetimePrivateKey, recoverSubaddressSpendKey } from "./onetime-keys.ts";
import { rejection } from "./testing.ts";
import { matchViewKey } from "./view-key-match.ts";

const alice = AccountKey.fromRootEntropy(new Uint8Array(32).fill(1));
const bob = AccountKey.fromRootEntropy(new Uint8Array(32).fill(2));
const eFogHint = fakeFogHint();

function create(options: Partial<CreateTxOutOptions> = {}) {
  return createTxOut({
    blockVersion: blockVersion(3),
    amount: { value: 10n, tokenId: 0n },
    recipient: alice.defaultSubaddress,
    eFogHint,
    ...options,
  });
}

test("the recipient, and nobody else, opens and can spend what was made for any of their subaddresses", () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      fc.integer({ min: 0, max: 4 }),
      (subaddress, value, bv) => {
        const { txOut, sharedSecret, amount } = create({
          blockVersion: blockVersion(bv),
          amount: { value, tokenId: 0n },
          recipient: alice.subaddress(subaddress),
        });
        expect(matchViewKey(txOut, alice.viewPrivateKey)).toEqual({ matches: true, amount, sharedSecret });
        expect(matchViewKey(txOut, bob.viewPrivateKey)).toEqual({ matches: false });
        const spendKey = recoverSubaddressSpendKey(sharedSecret, Point.decode(txOut.targetKey));
        expect(spendKey.encode()).toEqual(alice.subaddress(subaddress).spendPublicKey);
        const onetime = recoverOnetimePrivateKey(sharedSecret, alice.subaddressSpendPrivateKey(subaddress));
        expect(Point.multiplyBase(onetime).encode()).toEqual(txOut.targetKey);
        expect(keyImageOf(onetime)).toHaveLength(32);
      },
    ),
    { numRuns: 10 },
  );
});

describe("memo", () => {
  test("absent at block version 0, where it is not even asked for", () => {
    const memo = () => {
      throw new Error("must not be called");
    };
    expect(create({ blockVersion: blockVersion(0), memo }).txOut.eMemo).toBeUndefined();
  });

  test("encrypted, and bound to the output's public key, from block version 1", () => {
    const builder = new RthMemoBuilder({ destinationMemo: true });
    for (const bv of [1, 2, 3, 4]) {
      const asked: Uint8Array[] = [];
      const { txOut, sharedSecret } = create({
        blockVersion: blockVersion(bv),
        memo: (context) => {
          asked.push(context.txPublicKey);
          return builder.memoForOutput({ value: 10n, tokenId: 0n }, bob.defaultSubaddress, context);
        },
      });
      expect(asked).toEqual([txOut.publicKey]);
      expect(txOut.eMemo).toHaveLength(66);
      expect(parseMemo(decryptMemo(txOut.eMemo, sharedSecret))).toEqual({ kind: "unused" });
    }
  });

  test("unused unless given", () => {
    const { txOut, sharedSecret } = create();
    expect(parseMemo(decryptMemo(txOut.eMemo, sharedSecret))).toEqual({ kind: "unused" });
  });
});

describe("rejections carry their cause", () => {
  const causeOf = (call: () => unknown) => {
    try {
      return call();
    } catch (error) {
      return error instanceof TransactionError
        ? rejection(() => {
            throw error.cause;
          })
        : error;
    }
  };

  test("Amount", () => {
    const call = () => create({ blockVersion: blockVersion(1), amount: { value: 1n, tokenId: 1n } });
    expect(rejection(call)).toBe("txOut: Amount");
    expect(causeOf(call)).toBe("amount: TokenIdNotSupportedAtBlockVersion");
  });

  test("Memo", () => {
    const call = () => create({ memo: () => new Uint8Array(65) });
    expect(rejection(call)).toBe("txOut: Memo");
    expect(causeOf(call)).toBe("memo: BadLength");
    const builder = new RthMemoBuilder({ paymentRequestId: 1n, paymentIntentId: 1n, destinationMemo: true });
    const change = {
      primaryAddress: bob.defaultSubaddress,
      changeSubaddress: bob.subaddress(CHANGE_SUBADDRESS),
      giftCodeSubaddress: bob.subaddress(5n),
    };
    const building = () =>
      create({ memo: (context) => builder.memoForChange({ value: 1n, tokenId: 0n }, change, context) });
    expect(rejection(building)).toBe("txOut: Memo");
    expect(causeOf(building)).toBe("memoBuilder: RequestAndIntentIdSet");
  });

  test("Key, for either key of the recipient", () => {
    const bad = new Uint8Array(32).fill(255);
    for (const field of ["viewPublicKey", "spendPublicKey"] as const) {
      expect(rejection(() => create({ recipient: { ...bob.defaultSubaddress, [field]: bad } }))).toBe(
        "txOut: Key",
      );
    }
  });

  test("a hint of another length is a programming error", () => {
    expect(() => create({ eFogHint: new Uint8Array(83) })).toThrow(RangeError);
  });
});

describe("view-key match", () => {
  const { txOut } = create();

  test("Key, UnknownMaskedAmountVersion, Amount", () => {
    const view = alice.viewPrivateKey;
    const badKey = { ...txOut, publicKey: new Uint8Array(32).fill(255) };
    expect(rejection(() => matchViewKey(badKey, view))).toBe("txOut: Key");
    expect(rejection(() => matchViewKey({ ...badKey, maskedAmount: undefined }, view))).toBe("txOut: Key");
    expect(rejection(() => matchViewKey({ ...txOut, maskedAmount: undefined }, view))).toBe(
      "txOut: UnknownMaskedAmountVersion",
    );
    const maskedAmount = { ...txOut.maskedAmount!, maskedTokenId: new Uint8Array(3) };
    expect(rejection(() => matchViewKey({ ...txOut, maskedAmount }, view))).toBe("txOut: Amount");
  });

  test("does not look at the target key", () => {
    const other = { ...txOut, targetKey: new Uint8Array(32) };
    expect(matchViewKey(other, alice.viewPrivateKey)).toMatchObject({ matches: true });
  });
});

describe("Fog hints", () => {
  const ingressPrivateKey = Scalar.fromBigInt(99n);
  const ingressPublicKey = Point.multiplyBase(ingressPrivateKey);

  test("name the recipient to the ingest enclave", () => {
    const hint = encryptFogHint(ingressPublicKey, alice.defaultSubaddress);
    expect(hint).toHaveLength(84);
    const plaintext = cryptoBoxOpen(ingressPrivateKey, hint);
    expect(plaintext).toEqual(Uint8Array.of(...alice.defaultSubaddress.viewPublicKey, 0x2a, 0x2a));
    expect(create({ eFogHint: hint }).txOut.eFogHint).toEqual(hint);
  });

  test("of recipients without Fog look the same and open for nobody", () => {
    expect(fakeFogHint()).toHaveLength(84);
    expect(fakeFogHint()).not.toEqual(fakeFogHint());
    expect(() => cryptoBoxOpen(ingressPrivateKey, fakeFogHint())).toThrow();
  });
});

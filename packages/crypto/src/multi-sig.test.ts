import { describe, expect, test } from "vitest";
import { bytesToHex, compareBytes, utf8 } from "./bytes.ts";
import { digest32 } from "./digestible.ts";
import { ed25519PublicKey, ed25519Sign } from "./ed25519.ts";
import { isValidSignerSet, MAX_SIGNER_SET_DEPTH, type SignerSet, verifyMultiSig } from "./multi-sig.ts";
import { multiSigDigestible, signerSetDigestible } from "./multi-sig-digestible.ts";

const message = utf8("message");
const seeds = Array.from({ length: 12 }, (_, i) => new Uint8Array(32).fill(i + 1));
const keys = seeds.map(ed25519PublicKey);
const signatures = seeds.map((seed) => ed25519Sign(seed, message));

function set(individualSigners: Uint8Array[], threshold: number, multiSigners: SignerSet[] = []): SignerSet {
  return { individualSigners, multiSigners, threshold };
}

function sorted(bytes: Uint8Array[]): Uint8Array[] {
  return bytes.toSorted(compareBytes);
}

describe("signer sets", () => {
  test("need a threshold from one to the number of members, at every level", () => {
    const valid = set(keys.slice(0, 2), 2);
    expect(isValidSignerSet(valid)).toBe(true);
    expect(isValidSignerSet(set([], 1, [valid]))).toBe(true);
    for (const invalid of [set(keys.slice(0, 2), 0), set(keys.slice(0, 2), 3), set([], 1), set([], 0)]) {
      expect(isValidSignerSet(invalid)).toBe(false);
      expect(isValidSignerSet(set(keys.slice(0, 1), 1, [invalid]))).toBe(false);
      expect(
        verifyMultiSig(set(keys.slice(0, 1), 1, [invalid]), message, signatures.slice(0, 1)),
      ).toBeUndefined();
    }
  });

  test("may not be nested beyond what the decoder would take", () => {
    let nested = set(keys.slice(0, 1), 1);
    for (let depth = 1; depth < MAX_SIGNER_SET_DEPTH; depth++) nested = set([], 1, [nested]);
    expect(isValidSignerSet(nested)).toBe(true);
    expect(verifyMultiSig(nested, message, signatures.slice(0, 1))).toEqual([keys[0]]);
    expect(isValidSignerSet(set([], 1, [nested]))).toBe(false);
  });
});

describe("multi-signatures", () => {
  test("return the keys that signed, sorted", () => {
    const three = set(keys.slice(0, 3), 2);
    expect(verifyMultiSig(three, message, [signatures[2]!, signatures[0]!])).toEqual(
      sorted([keys[0]!, keys[2]!]),
    );
    expect(verifyMultiSig(three, message, signatures.slice(0, 3))).toEqual(sorted(keys.slice(0, 3)));
  });

  test("fail below the threshold, with other keys, for another message", () => {
    const three = set(keys.slice(0, 3), 2);
    expect(verifyMultiSig(three, message, [signatures[0]!])).toBeUndefined();
    expect(verifyMultiSig(three, message, [signatures[0]!, signatures[5]!])).toBeUndefined();
    expect(verifyMultiSig(three, utf8("other"), signatures.slice(0, 3))).toBeUndefined();
    expect(verifyMultiSig(three, message, [])).toBeUndefined();
  });

  test("count a key once, however often it or its signature is repeated", () => {
    expect(
      verifyMultiSig(set([keys[0]!, keys[0]!], 2), message, [signatures[0]!, signatures[0]!]),
    ).toBeUndefined();
    expect(
      verifyMultiSig(set([keys[0]!, keys[1]!], 2), message, [signatures[0]!, signatures[0]!]),
    ).toBeUndefined();
  });

  test("fail outright with more than ten signatures", () => {
    const any = set(keys, 1);
    expect(verifyMultiSig(any, message, signatures.slice(0, 10))).toBeDefined();
    expect(verifyMultiSig(any, message, signatures.slice(0, 11))).toBeUndefined();
  });

  test("count a nested set once when it is satisfied by itself", () => {
    const inner = set(keys.slice(1, 4), 2);
    const outer = set(keys.slice(0, 1), 2, [inner]);
    expect(verifyMultiSig(outer, message, signatures.slice(0, 3))).toEqual(sorted(keys.slice(0, 3)));
    expect(verifyMultiSig(outer, message, signatures.slice(0, 2))).toBeUndefined();
    expect(verifyMultiSig(outer, message, signatures.slice(1, 4))).toBeUndefined();
    // Written twice alike, it still counts once.
    expect(verifyMultiSig(set([], 2, [inner, inner]), message, signatures.slice(1, 4))).toBeUndefined();
    expect(
      verifyMultiSig(set([], 2, [inner, set(keys.slice(1, 4), 3)]), message, signatures.slice(1, 4)),
    ).toEqual(sorted(keys.slice(1, 4)));
  });
});

describe("hashing", () => {
  test("a signer set hashes its members under the protocol's names", () => {
    const hash = (value: SignerSet) => bytesToHex(digest32("t", signerSetDigestible, value));
    const digests = [
      hash(set(keys.slice(0, 2), 1)),
      hash(set(keys.slice(0, 2), 2)),
      hash(set(keys.slice(0, 1), 1)),
      hash(set([], 1, [set(keys.slice(0, 1), 1)])),
    ];
    expect(new Set(digests).size).toBe(digests.length);
  });

  test("a multi-signature hashes its signatures in order", () => {
    const hash = (value: Uint8Array[]) => bytesToHex(digest32("t", multiSigDigestible, value));
    expect(hash(signatures.slice(0, 2))).not.toBe(hash(signatures.slice(0, 2).reverse()));
  });
});

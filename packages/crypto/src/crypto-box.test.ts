import { Point, Scalar } from "@mobilecoin-ts/curve";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { concat } from "./bytes.ts";
import {
  CRYPTO_BOX_FOOTER_LENGTH,
  cryptoBoxDecrypt,
  cryptoBoxEncrypt,
  cryptoBoxOpen,
  negotiateCryptoBoxVersion,
} from "./crypto-box.ts";
import { CryptoError } from "./error.ts";

const privateKey = Scalar.fromBigInt(12345n);
const publicKey = Point.multiplyBase(privateKey);

describe("crypto box", () => {
  test("opens what was sealed", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (plaintext) => {
        const box = cryptoBoxEncrypt(publicKey, plaintext);
        expect(box.length).toBe(plaintext.length + CRYPTO_BOX_FOOTER_LENGTH);
        expect(cryptoBoxOpen(privateKey, box)).toEqual(plaintext);
        expect(cryptoBoxEncrypt(publicKey, plaintext)).not.toEqual(box);
      }),
      { numRuns: 10 },
    );
  });

  test("a wrong tag is an outcome with garbage of the same length, not an exception", () => {
    const plaintext = new Uint8Array(34).fill(1);
    const box = cryptoBoxEncrypt(publicKey, plaintext);
    const altered = box.slice();
    altered[3]! ^= 1;
    for (const opening of [
      cryptoBoxDecrypt(privateKey, altered),
      cryptoBoxDecrypt(Scalar.fromBigInt(54321n), box),
    ]) {
      if (opening.authentic) throw new Error("an altered box was accepted");
      expect(opening.garbage.length).toBe(34);
      expect(opening.garbage).not.toEqual(plaintext);
    }
    expect(() => cryptoBoxOpen(privateKey, altered)).toThrow(expect.objectContaining({ code: "MacFailed" }));
  });

  test("names what is wrong with bytes that are no box", () => {
    const box = cryptoBoxEncrypt(publicKey, new Uint8Array(3));
    const patched = (offsetFromEnd: number, value: number) => {
      const copy = box.slice();
      copy[copy.length - offsetFromEnd] = value;
      return copy;
    };
    const refusal = (bytes: Uint8Array, code: string) =>
      expect(() => cryptoBoxDecrypt(privateKey, bytes)).toThrow(expect.objectContaining({ code }));
    refusal(new Uint8Array(49), "TooShort");
    refusal(patched(2, 2), "WrongMagicBytes");
    refusal(patched(1, 1), "UnknownAlgorithm");
    // An odd first byte makes a negative field element: no Ristretto encoding.
    refusal(concat(new Uint8Array(3), Uint8Array.of(1), box.slice(4)), "Key");
  });

  test("any bytes give an opening or a typed error", () => {
    const footer = cryptoBoxEncrypt(publicKey, new Uint8Array(0));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), fc.boolean(), (bytes, withFooter) => {
        try {
          const input = withFooter ? concat(bytes, footer) : bytes;
          const opening = cryptoBoxDecrypt(privateKey, input);
          expect(opening.authentic).toBe(bytes.length === 0);
        } catch (error) {
          expect(error).toBeInstanceOf(CryptoError);
        }
      }),
      { numRuns: 30 },
    );
  });

  test("negotiates the largest common version", () => {
    expect(negotiateCryptoBoxVersion([0])).toBe(0);
    expect(negotiateCryptoBoxVersion([3, 0, 1])).toBe(0);
    for (const none of [[], [1, 2]]) {
      expect(() => negotiateCryptoBoxVersion(none)).toThrow(
        expect.objectContaining({ code: "NoAcceptableVersions" }),
      );
    }
  });
});

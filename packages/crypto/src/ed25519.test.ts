import { ed25519 } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytesToHex, concat, hexToBytes, utf8 } from "./bytes.ts";
import { checkEd25519PublicKey, ed25519PublicKey, ed25519Sign, ed25519VerifyStrict } from "./ed25519.ts";

const { Point } = ed25519;
const L = Point.Fn.ORDER;

function littleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${bytesToHex(bytes.toReversed())}`);
}

function scalarBytes(value: bigint): Uint8Array {
  return hexToBytes(value.toString(16).padStart(64, "0")).toReversed();
}

function challenge(commitment: Uint8Array, publicKey: Uint8Array, message: Uint8Array): bigint {
  return littleEndian(sha512(concat(commitment, publicKey, message))) % L;
}

/** A point of order 8. */
const torsion = Point.fromHex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a");

describe("Ed25519", () => {
  test("reproduces RFC 8032, test 2", () => {
    const seed = hexToBytes("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
    const publicKey = hexToBytes("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
    const message = hexToBytes("72");
    expect(ed25519PublicKey(seed)).toEqual(publicKey);
    const signature = ed25519Sign(seed, message);
    expect(bytesToHex(signature)).toBe(
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    );
    expect(ed25519VerifyStrict(publicKey, message, signature)).toBe(true);
  });

  test("refuses other messages, keys and signatures", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.uint8Array(),
        fc.nat(511),
        (seed, message, bit) => {
          const publicKey = ed25519PublicKey(seed);
          const signature = ed25519Sign(seed, message);
          expect(ed25519VerifyStrict(publicKey, message, signature)).toBe(true);
          const altered = signature.slice();
          altered[bit >> 3]! ^= 1 << (bit & 7);
          expect(ed25519VerifyStrict(publicKey, message, altered)).toBe(false);
          expect(ed25519VerifyStrict(publicKey, Uint8Array.of(...message, 0), signature)).toBe(false);
        },
      ),
      { numRuns: 10 },
    );
  });

  test("refuses a response that is not below the group order", () => {
    const seed = new Uint8Array(32).fill(1);
    const message = utf8("m");
    const signature = ed25519Sign(seed, message);
    const shifted = concat(signature.subarray(0, 32), scalarBytes(littleEndian(signature.subarray(32)) + L));
    expect(ed25519VerifyStrict(ed25519PublicKey(seed), message, shifted)).toBe(false);
  });

  test("refuses a key of small order, under which anything verifies", () => {
    const identity = Point.ZERO.toBytes();
    const commitment = Point.BASE.multiply(5n).toBytes();
    const signature = concat(commitment, scalarBytes(5n));
    // s·B − k·identity is R for every message.
    expect(ed25519VerifyStrict(identity, utf8("anything"), signature)).toBe(false);
    expect(() => checkEd25519PublicKey(identity)).not.toThrow();
  });

  test("refuses a commitment of small order", () => {
    const secret = 7n;
    const publicKey = Point.BASE.multiply(secret).toBytes();
    const commitment = Point.ZERO.toBytes();
    const message = utf8("m");
    const response = (challenge(commitment, publicKey, message) * secret) % L;
    // The equation holds with R = identity.
    expect(ed25519VerifyStrict(publicKey, message, concat(commitment, scalarBytes(response)))).toBe(false);
  });

  test("is cofactorless: a torsion component in R or A is not forgiven", () => {
    const secret = 7n;
    const message = utf8("m");
    const publicKey = Point.BASE.multiply(secret).toBytes();
    const commitment = Point.BASE.multiply(9n).add(torsion).toBytes();
    const response = (9n + challenge(commitment, publicKey, message) * secret) % L;
    const signature = concat(commitment, scalarBytes(response));
    expect(ed25519VerifyStrict(publicKey, message, signature)).toBe(false);
    expect(ed25519.verify(signature, message, publicKey, { zip215: true })).toBe(true);
  });

  test("accepts a key with a torsion component when the equation holds without the cofactor", () => {
    const secret = 7n;
    const publicKey = Point.BASE.multiply(secret).add(torsion).toBytes();
    const commitment = Point.BASE.multiply(9n).toBytes();
    // Look for a message whose challenge is a multiple of 8, so that k times the torsion point vanishes.
    for (let i = 0; i < 256; i++) {
      const message = Uint8Array.of(i);
      const k = challenge(commitment, publicKey, message);
      const response = (9n + k * secret) % L;
      const valid = ed25519VerifyStrict(publicKey, message, concat(commitment, scalarBytes(response)));
      expect(valid).toBe(k % 8n === 0n);
    }
  });

  test("a key whose coordinate is not reduced decodes, as upstream's does", () => {
    // y = p + 3: not below the field's order.
    const unreduced = scalarBytes(2n ** 255n - 19n + 3n);
    expect(() => checkEd25519PublicKey(unreduced)).not.toThrow();
    // y = p + 1 is the identity with its coordinate not reduced, here with the sign bit set.
    const identity = scalarBytes(2n ** 255n - 19n + 1n + 2n ** 255n);
    expect(() => checkEd25519PublicKey(identity)).not.toThrow();
    expect(ed25519VerifyStrict(identity, utf8("m"), new Uint8Array(64))).toBe(false);
  });

  test("refuses keys that are none", () => {
    const noPoint = scalarBytes(2n);
    expect(() => checkEd25519PublicKey(noPoint)).toThrow(
      expect.objectContaining({ code: "InvalidPublicKey" }),
    );
    expect(() => checkEd25519PublicKey(new Uint8Array(31))).toThrow(
      expect.objectContaining({ code: "LengthMismatch" }),
    );
    const signature = ed25519Sign(new Uint8Array(32), utf8("m"));
    expect(ed25519VerifyStrict(noPoint, utf8("m"), signature)).toBe(false);
    expect(ed25519VerifyStrict(new Uint8Array(33), utf8("m"), signature)).toBe(false);
    expect(ed25519VerifyStrict(ed25519PublicKey(new Uint8Array(32)), utf8("m"), signature.slice(1))).toBe(
      false,
    );
    expect(() => ed25519Sign(new Uint8Array(31), utf8("m"))).toThrow(
      expect.objectContaining({ code: "LengthMismatch" }),
    );
  });
});

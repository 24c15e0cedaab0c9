import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ed25519PublicKey } from "./ed25519.ts";
import { CryptoError } from "./error.ts";
import * as der from "./key-der.ts";
import { decodePem, encodePem } from "./pem.ts";
import { ChaChaRng, seedFromU64 } from "./test-rng.ts";
import { x25519PublicKey } from "./x25519.ts";

const key = ed25519PublicKey(new Uint8Array(32).fill(3));
const forms = [
  {
    name: "Ed25519 public key",
    content: key,
    length: 44,
    encode: der.encodeEd25519PublicDer,
    decode: der.decodeEd25519PublicDer,
    invalid: "InvalidPublicKey",
    oid: 6,
  },
  {
    name: "X25519 public key",
    content: key,
    length: 44,
    encode: der.encodeX25519PublicDer,
    decode: der.decodeX25519PublicDer,
    invalid: "InvalidPublicKey",
    oid: 6,
  },
  {
    name: "Ed25519 private key",
    content: key,
    length: 48,
    encode: der.encodeEd25519PrivateDer,
    decode: der.decodeEd25519PrivateDer,
    invalid: "InvalidPrivateKey",
    oid: 9,
  },
  {
    name: "X25519 private key",
    content: key,
    length: 48,
    encode: der.encodeX25519PrivateDer,
    decode: der.decodeX25519PrivateDer,
    invalid: "InvalidPrivateKey",
    oid: 9,
  },
  {
    name: "Ed25519 signature",
    content: new Uint8Array(64).fill(1),
    length: 76,
    encode: der.encodeEd25519SignatureDer,
    decode: der.decodeEd25519SignatureDer,
    invalid: "InvalidSignature",
    oid: 6,
  },
] as const;

describe.each(forms)("DER of $name", ({ content, length, encode, decode, invalid, oid }) => {
  test("round trips", () => {
    expect(encode(content).length).toBe(length);
    expect(decode(encode(content))).toEqual(content);
  });

  test("is refused by length, then algorithm, then structure", () => {
    const good = encode(content);
    const refusal = (bytes: Uint8Array, code: string) =>
      expect(() => decode(bytes)).toThrow(expect.objectContaining({ code }));
    refusal(good.slice(1), "LengthMismatch");
    const otherAlgorithm = good.slice();
    otherAlgorithm[oid + 2]! ^= 0x7f;
    otherAlgorithm[0] = 0;
    refusal(otherAlgorithm, "AlgorithmMismatch");
    const otherStructure = good.slice();
    otherStructure[0] = 0x31;
    refusal(otherStructure, invalid);
    expect(() => encode(content.slice(1))).toThrow(expect.objectContaining({ code: "LengthMismatch" }));
  });

  test("any bytes are accepted or refused with a typed error", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: length, maxLength: length }), (bytes) => {
        try {
          expect(encode(decode(bytes))).toEqual(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(CryptoError);
        }
      }),
    );
  });
});

test("a DER public key must hold a point", () => {
  const noPoint = der.encodeEd25519PublicDer(Uint8Array.of(2, ...new Uint8Array(31)));
  expect(() => der.decodeEd25519PublicDer(noPoint)).toThrow(
    expect.objectContaining({ code: "InvalidPublicKey" }),
  );
});

test("fingerprints hash the whole DER form", () => {
  const fingerprint = der.keyFingerprint(
    der.encodeX25519PublicDer(x25519PublicKey(new ChaChaRng(seedFromU64(0n), 20).bytes(32))),
  );
  expect(fingerprint).toMatch(/^([0-9a-f]{2}:){31}[0-9a-f]{2}$/);
  expect(der.keyFingerprint(key, () => Uint8Array.of(0, 255))).toBe("00:ff");
});

describe("PEM", () => {
  test("round trips", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const text = encodePem("PRIVATE KEY", bytes);
        expect(decodePem("PRIVATE KEY", text)).toEqual(bytes);
        expect(decodePem("PRIVATE KEY", text.replaceAll("\n", "\r\n"))).toEqual(bytes);
        expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(64);
      }),
    );
  });

  test("is refused without its label or with a body that is no base64", () => {
    const text = encodePem("PUBLIC KEY", key);
    for (const bad of [
      "",
      "text",
      text.replace("END PUBLIC", "END PRIVATE"),
      text + text,
      text.replace("M", "*"),
      text.replace("=", "A=="),
      text.replace(/\n[A-Za-z0-9]/, "\n="),
    ]) {
      expect(() => decodePem("PUBLIC KEY", bad), bad).toThrow(
        expect.objectContaining({ code: "InvalidPem" }),
      );
    }
    expect(() => decodePem("SIGNATURE", text)).toThrow(CryptoError);
  });
});

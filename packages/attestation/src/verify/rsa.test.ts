import { generateKeyPairSync, sign } from "node:crypto";
import { describe, expect, test } from "vitest";
import { bigEndian, type RsaHash, verifyRsaPkcs1 } from "./rsa.ts";

const message = new TextEncoder().encode("message");

function keyPair(bits: number, exponent = 65537) {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", {
    modulusLength: bits,
    publicExponent: exponent,
  });
  const { n, e } = publicKey.export({ format: "jwk" });
  const number = (text: string) => bigEndian(Uint8Array.from(Buffer.from(text, "base64url")));
  return { privateKey, key: { modulus: number(n!), exponent: number(e!) } };
}

describe("RSA PKCS#1 v1.5", () => {
  const { privateKey, key } = keyPair(2048);
  const signature = (hash: string, text = message) => Uint8Array.from(sign(hash, text, privateKey));

  test.each<[RsaHash, string]>([
    ["SHA-256", "sha256"],
    ["SHA-384", "sha384"],
    ["SHA-512", "sha512"],
  ])("agrees with OpenSSL on %s, and on nothing else", (hash, name) => {
    expect(verifyRsaPkcs1(key, hash, message, signature(name))).toBe(true);
    expect(verifyRsaPkcs1(key, hash, message, signature("sha1"))).toBe(false);
    expect(verifyRsaPkcs1(key, hash, new Uint8Array(1), signature(name))).toBe(false);
  });

  test("takes exponent 3, with the whole padding", () => {
    const small = keyPair(2048, 3);
    const good = Uint8Array.from(sign("sha256", message, small.privateKey));
    expect(verifyRsaPkcs1(small.key, "SHA-256", message, good)).toBe(true);
    expect(verifyRsaPkcs1(small.key, "SHA-256", message, good.with(255, good[255]! ^ 1))).toBe(false);
  });

  test("refuses other lengths, numbers beyond the modulus and unfit keys", () => {
    const good = signature("sha256");
    expect(verifyRsaPkcs1(key, "SHA-256", message, good.subarray(1))).toBe(false);
    expect(verifyRsaPkcs1(key, "SHA-256", message, Uint8Array.of(0, ...good))).toBe(false);
    const above = (bigEndian(good) + key.modulus).toString(16);
    expect(verifyRsaPkcs1(key, "SHA-256", message, Uint8Array.from(Buffer.from(above, "hex")))).toBe(false);
    for (const exponent of [0n, 1n, 2n, 65536n, 1n << 40n]) {
      expect(verifyRsaPkcs1({ ...key, exponent }, "SHA-256", message, good)).toBe(false);
    }
    const weak = keyPair(1024);
    const weakSignature = Uint8Array.from(sign("sha256", message, weak.privateKey));
    expect(verifyRsaPkcs1(weak.key, "SHA-256", message, weakSignature)).toBe(false);
  });
});

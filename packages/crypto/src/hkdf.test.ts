import { blake2b } from "@noble/hashes/blake2.js";
import { describe, expect, test } from "vitest";
import { bytesToHex, concat, hexToBytes, utf8 } from "./bytes.ts";
import { hkdfBlake2b256, hkdfBlake2b512, hkdfSha512, hmacSha512 } from "./hkdf.ts";

describe("HMAC and HKDF", () => {
  test("HMAC-SHA-512 of RFC 4231, case 1", () => {
    expect(bytesToHex(hmacSha512(new Uint8Array(20).fill(0x0b), utf8("Hi "), utf8("There")))).toBe(
      "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854",
    );
  });

  test("HKDF-BLAKE2b-256 is HMAC over 128-byte blocks", () => {
    const hash = (message: Uint8Array) => blake2b(message, { dkLen: 32 });
    const hmac = (key: Uint8Array, message: Uint8Array) => {
      const block = new Uint8Array(128);
      block.set(key);
      const padded = (pad: number) => block.map((byte) => byte ^ pad);
      return hash(concat(padded(0x5c), hash(concat(padded(0x36), message))));
    };
    const key = utf8("input key");
    const prk = hmac(new Uint8Array(32), key);
    expect(hkdfBlake2b256({ key, info: "view", length: 32 })).toEqual(
      hmac(prk, concat(utf8("view"), Uint8Array.of(1))),
    );
  });

  test("key and nonce of the quotable box (01 section 5.3)", () => {
    const shared = hexToBytes("049470f8804549379831f1980c47d49f8f721152c9364e3f50f75544017adf6a");
    expect(
      bytesToHex(hkdfBlake2b512({ salt: "dei-salty-box", key: shared, info: "aead-key-iv", length: 44 })),
    ).toBe("cf1bdabdb36e0b195705ff0a282d1c05ceee59f8441576d7bf9c989d0c7ac48b9faddc27ce4d7a3c264c2b15");
  });

  test("no salt means a zero salt of the hash's length", () => {
    const key = utf8("key");
    const zero = new Uint8Array(64);
    expect(hkdfSha512({ key, length: 80 })).toEqual(hkdfSha512({ key, salt: zero, length: 80 }));
    expect(hkdfBlake2b512({ key, length: 80 })).toEqual(hkdfBlake2b512({ key, salt: zero, length: 80 }));
  });
});

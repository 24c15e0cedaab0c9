import { bytesToHex, hexToBytes } from "@mobilecoin-ts/crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseMemo } from "./memo.ts";
import { decryptMemo, encryptMemo } from "./memo-encryption.ts";
import { rejection } from "./testing.ts";

const sharedSecret = hexToBytes("2a66952de8e18efb038d27fb8bb2e9be45fdcbe7f98174642774c6f1f609fb47");

test("decrypts the main-network memo of 02 section 5.1", () => {
  const eMemo = hexToBytes(
    "c4277d6a49b752fd39666d1317216e41d8f0bc6ed2d74fc06f36c9f07b6d9954c26d2ce7c3ff4aa95dc1c2e26f50e025d57534258a327f6c5ddd3916acdfa174e2f3",
  );
  expect(bytesToHex(decryptMemo(eMemo, sharedSecret))).toBe(
    `0100d63191b3e1dc54aede5eddade4c81fc4${"00".repeat(32)}8f895da7ab699f5f8bf8efc86199a406`,
  );
});

test("decryption undoes encryption", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 66, maxLength: 66 }), (payload) => {
      expect(decryptMemo(encryptMemo(payload, sharedSecret), sharedSecret)).toEqual(payload);
    }),
  );
});

test("an unused memo is encrypted like any other; no memo reads as unused", () => {
  expect(encryptMemo(new Uint8Array(66), sharedSecret)).not.toEqual(new Uint8Array(66));
  expect(parseMemo(decryptMemo(undefined, sharedSecret))).toEqual({ kind: "unused" });
});

test("BadLength", () => {
  expect(rejection(() => encryptMemo(new Uint8Array(65), sharedSecret))).toBe("memo: BadLength");
  expect(rejection(() => decryptMemo(new Uint8Array(67), sharedSecret))).toBe("memo: BadLength");
});

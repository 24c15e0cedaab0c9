import { blake2b } from "@noble/hashes/blake2.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { blake2bOfParts } from "./blake2b-kernel.ts";
import { bytesToHex, concat, utf8 } from "./bytes.ts";

test("gives the digest of RFC 7693, appendix A", () => {
  expect(bytesToHex(blake2bOfParts(64, [utf8("abc")]))).toBe(
    "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923",
  );
});

test("agrees with the library at every length around the blocks", () => {
  const bytes = Uint8Array.from({ length: 400 }, (_, i) => 7 * i);
  for (let length = 0; length <= bytes.length; length++) {
    const message = bytes.subarray(0, length);
    expect(blake2bOfParts(64, [message])).toEqual(blake2b(message, { dkLen: 64 }));
    expect(blake2bOfParts(32, [message])).toEqual(blake2b(message, { dkLen: 32 }));
  }
});

test("does not depend on how the message is cut", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 })), (parts) => {
      expect(blake2bOfParts(32, parts)).toEqual(blake2bOfParts(32, [concat(...parts)]));
    }),
  );
});

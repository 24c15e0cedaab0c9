import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { u64le, utf8 } from "./bytes.ts";
import { CryptoError } from "./error.ts";
import { MessageCipher, MessageNonce, TypedMessageCipher } from "./message-cipher.ts";

describe("MessageCipher", () => {
  test("decrypts its own messages", () => {
    const cipher = new MessageCipher();
    fc.assert(
      fc.property(fc.uint8Array(), (plaintext) => {
        const message = cipher.encrypt(plaintext);
        expect(message.length).toBe(plaintext.length + 16 + 8 + 12);
        expect(cipher.decrypt(message)).toEqual(plaintext);
      }),
    );
  });

  test("counts nonces little-endian", () => {
    const cipher = new MessageCipher();
    const nonces = Array.from({ length: 257 }, () => cipher.encrypt(new Uint8Array(0)).slice(-12));
    expect(nonces[0]).toEqual(new Uint8Array(12));
    expect(nonces[1]).toEqual(Uint8Array.of(1, ...new Uint8Array(11)));
    expect(nonces[256]).toEqual(Uint8Array.of(0, 1, ...new Uint8Array(10)));
  });

  test("takes a new key, different from all before, when the nonces run out", () => {
    const draws = [1, 1, 2];
    const random = (length: number) => new Uint8Array(length).fill(draws.shift()!);
    const cipher = new MessageCipher(
      random,
      new MessageNonce(Uint8Array.of(0xfe, ...new Uint8Array(11).fill(0xff))),
    );
    const last = cipher.encrypt(utf8("last of the first key"));
    const first = cipher.encrypt(utf8("first of the second"));
    expect(draws).toEqual([]);
    expect(last.slice(-20, -12)).toEqual(u64le(0n));
    expect(first.slice(-20, -12)).toEqual(u64le(1n));
    expect(first.slice(-12)).toEqual(new Uint8Array(12));
    expect(cipher.decrypt(last)).toEqual(utf8("last of the first key"));
    expect(cipher.decrypt(first)).toEqual(utf8("first of the second"));
  });

  test("names what is wrong", () => {
    const cipher = new MessageCipher();
    const message = cipher.encrypt(utf8("m"));
    const refusal = (bytes: Uint8Array, code: string) =>
      expect(() => cipher.decrypt(bytes)).toThrow(expect.objectContaining({ code }));
    refusal(new Uint8Array(19), "TooShort");
    const otherKey = message.slice();
    otherKey[otherKey.length - 20] = 9;
    refusal(otherKey, "UnknownKey");
    const altered = message.slice();
    altered[0]! ^= 1;
    refusal(altered, "MacFailure");
    refusal(message.slice(-20), "MacFailure");
    expect(() => new MessageCipher().decrypt(message)).toThrow(CryptoError);
  });
});

describe("TypedMessageCipher", () => {
  test("carries values, and reports plaintexts that do not decode", () => {
    const inner = new MessageCipher();
    const codec = {
      encode: (value: string) => utf8(value),
      decode: (bytes: Uint8Array) => new TextDecoder("utf-8", { fatal: true }).decode(bytes),
    };
    const cipher = new TypedMessageCipher(codec, inner);
    expect(cipher.decrypt(cipher.encrypt("hello"))).toBe("hello");
    expect(() => cipher.decrypt(inner.encrypt(Uint8Array.of(0xff)))).toThrow(
      expect.objectContaining({ code: "Prost" }),
    );
  });
});

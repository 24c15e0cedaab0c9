import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  bytesToHex,
  compareBytes,
  equalBytes,
  hexToBytes,
  readU64be,
  readU64le,
  u32le,
  u64be,
  u64le,
} from "./bytes.ts";
import { CryptoError } from "./error.ts";

const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });

describe("integers", () => {
  test("round trip in both byte orders", () => {
    fc.assert(
      fc.property(u64, (value) => {
        expect(readU64le(u64le(value))).toBe(value);
        expect(readU64be(u64be(value))).toBe(value);
        expect(u64le(value).toReversed()).toEqual(u64be(value));
      }),
    );
  });

  test("refuse what does not fit", () => {
    for (const bad of [-1n, 2n ** 64n]) {
      expect(() => u64le(bad)).toThrow(expect.objectContaining({ code: "IntegerOutOfRange" }));
      expect(() => u64be(bad)).toThrow(CryptoError);
    }
    for (const bad of [-1, 2 ** 32, 0.5, Number.NaN]) expect(() => u32le(bad)).toThrow(CryptoError);
    expect(u32le(0x04030201)).toEqual(Uint8Array.of(1, 2, 3, 4));
  });

  test("read within bounds only, also from a view into a larger buffer", () => {
    const inner = Uint8Array.of(9, 9, 1, 0, 0, 0, 0, 0, 0, 0, 9).subarray(1, 10);
    expect(readU64le(inner, 1)).toBe(1n);
    expect(() => readU64le(inner, 2)).toThrow(expect.objectContaining({ code: "LengthMismatch" }));
    expect(() => readU64be(inner, -1)).toThrow(CryptoError);
  });
});

describe("comparison", () => {
  test("equality agrees with order", () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => {
        expect(equalBytes(a, b)).toBe(compareBytes(a, b) === 0);
        expect(Math.sign(compareBytes(a, b))).toBe(-Math.sign(compareBytes(b, a)) + 0);
      }),
    );
  });

  test("a prefix sorts first, bytes compare unsigned", () => {
    expect(compareBytes(Uint8Array.of(1), Uint8Array.of(1, 0))).toBeLessThan(0);
    expect(compareBytes(Uint8Array.of(0x7f), Uint8Array.of(0x80))).toBeLessThan(0);
  });
});

describe("hex", () => {
  test("round trips", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(hexToBytes(bytesToHex(bytes))).toEqual(bytes);
        expect(hexToBytes(bytesToHex(bytes).toUpperCase())).toEqual(bytes);
      }),
    );
  });

  test("refuses other text", () => {
    for (const bad of ["0", "zz", "0x00", " 00"]) {
      expect(() => hexToBytes(bad)).toThrow(expect.objectContaining({ code: "InvalidHex" }));
    }
  });
});

import { concat, hexToBytes, utf8 } from "@mobilecoin-ts/crypto";
import { encode } from "cborg";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConsensusError } from "../error.ts";
import { decodeCbor, encodeCbor, MAX_CBOR_LENGTH } from "./cbor.ts";
import { type Document, UNREADABLE } from "./document.ts";

const decodeHex = (hex: string) => decodeCbor(hexToBytes(hex));

const document: fc.Arbitrary<Document> = fc.letrec<{ any: Document }>((tie) => ({
  any: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom<Document>(null, true, false),
    fc.integer(),
    fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n - 1n }),
    fc.string({ unit: "binary" }),
    fc.uint8Array(),
    fc.array(tie("any")),
    fc.dictionary(fc.string(), tie("any")).map((entries) => new Map(Object.entries(entries))),
  ),
})).any;

describe("CBOR", () => {
  it("gives back what was written", () => {
    fc.assert(
      fc.property(document, (any) => {
        expect(decodeCbor(encodeCbor(any))).toEqual(any);
      }),
    );
  });

  it("is what an independent library writes", () => {
    // Without a sorter the library orders names by length.
    const options = { mapSorter: () => 0 };
    fc.assert(
      fc.property(document, (any) => {
        expect(encodeCbor(any)).toEqual(new Uint8Array(encode(any, options)));
      }),
    );
  });

  it("does not write what has no form", () => {
    expect(() => encodeCbor([UNREADABLE])).toThrow(expect.objectContaining({ code: "InvalidField" }));
  });

  // Samples of RFC 8949, appendix A.
  it.each<[string, Document]>([
    ["00", 0],
    ["17", 23],
    ["1818", 24],
    ["1903e8", 1000],
    ["1b000000e8d4a51000", 1_000_000_000_000],
    ["1bffffffffffffffff", 2n ** 64n - 1n],
    ["20", -1],
    ["3bffffffffffffffff", -(2n ** 64n)],
    ["f4", false],
    ["f6", null],
    ["40", new Uint8Array()],
    ["4401020304", Uint8Array.of(1, 2, 3, 4)],
    ["62c3bc", "ü"],
    ["83010203", [1, 2, 3]],
    [
      "a26161016162820203",
      new Map<string, Document>([
        ["a", 1],
        ["b", [2, 3]],
      ]),
    ],
  ])("writes and reads %s", (hex, value) => {
    expect(encodeCbor(value)).toEqual(hexToBytes(hex));
    expect(decodeHex(hex)).toEqual(value);
  });

  it.each<[string, string, Document]>([
    ["a byte string in parts", "5f42010243030405ff", Uint8Array.of(1, 2, 3, 4, 5)],
    ["a text in parts", "7f657374726561646d696e67ff", "streaming"],
    ["an array without a length", "9f018202039f0405ffff", [1, [2, 3], [4, 5]]],
    [
      "a map without a length",
      "bf61610161629f0203ffff",
      new Map<string, Document>([
        ["a", 1],
        ["b", [2, 3]],
      ]),
    ],
    ["tags", "c1c1d820d9d9f71a514b67b0", 0x514b67b0],
    ["heads that are too long", "1b0000000000000001", 1],
    ["floats", "f93c00", UNREADABLE],
    ["long floats", "fb3ff199999999999a", UNREADABLE],
    ["undefined", "f7", UNREADABLE],
    ["names that are no texts, left out", "a301020304616105", new Map([["a", 5]])],
  ])("reads %s", (_, hex, value) => {
    expect(decodeHex(hex)).toEqual(value);
  });

  it.each([
    ["nothing", ""],
    ["an argument cut short", "1903"],
    ["a string cut short", "4401"],
    ["an array cut short", "8301"],
    ["an array longer than memory", "9bffffffffffffffff"],
    ["a map without its value", "a16161"],
    ["an array without its end", "9f01"],
    ["a lone end", "ff"],
    ["an end within a value", "82ff01"],
    ["a reserved argument", "1c"],
    ["a reserved simple value", "f8ff"],
    ["a text that is not UTF-8", "61ff"],
    ["parts of another kind", "5f6161ff"],
    ["parts in parts", "5f5f4101ffff"],
    ["a name twice", "a2616101616102"],
    ["a tag and nothing else", "c0"],
    ["bytes behind its end", "0000"],
  ])("refuses %s", (_, hex) => {
    expect(() => decodeHex(hex)).toThrow(expect.objectContaining({ code: "Malformed" }));
  });

  it("refuses 128 containers within one another, and takes 127", () => {
    const nested = (depth: number) => Uint8Array.from([...new Array<number>(depth).fill(0x81), 0]);
    expect(() => decodeCbor(nested(127))).not.toThrow();
    expect(() => decodeCbor(nested(128))).toThrow(expect.objectContaining({ code: "LimitExceeded" }));
    expect(() => decodeCbor(nested(100_000))).toThrow(expect.objectContaining({ code: "LimitExceeded" }));
    // Tags are no containers, however many.
    expect(decodeCbor(Uint8Array.from([...new Array<number>(100_000).fill(0xc1), 5]))).toBe(5);
  });

  it("refuses documents that are too long", () => {
    expect(() => decodeCbor(new Uint8Array(MAX_CBOR_LENGTH + 1))).toThrow(
      expect.objectContaining({ code: "LimitExceeded" }),
    );
    expect(() => decodeCbor(new Uint8Array(2), 1)).toThrow(
      expect.objectContaining({ code: "LimitExceeded" }),
    );
  });

  it("gives bytes that do not change with the input", () => {
    const input = concat(Uint8Array.of(0x43), utf8("abc"));
    const value = decodeCbor(input);
    input.fill(0);
    expect(value).toEqual(utf8("abc"));
  });

  it("throws nothing but its own error, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        try {
          decodeCbor(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(ConsensusError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

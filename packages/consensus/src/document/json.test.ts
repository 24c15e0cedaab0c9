import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConsensusError } from "../error.ts";
import { type Document, UNREADABLE } from "./document.ts";
import { formatJson, parseJson } from "./json.ts";
import { parseToml } from "./toml.ts";

const document: fc.Arbitrary<Document> = fc.letrec<{ any: Document }>((tie) => ({
  any: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom<Document>(null, true, false),
    fc.integer(),
    fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n - 1n }),
    fc.string({ unit: "binary" }),
    fc.array(tie("any")),
    fc.array(fc.tuple(fc.string(), tie("any"))).map((entries) => new Map(entries)),
  ),
})).any;

describe("JSON", () => {
  it("gives back what was written", () => {
    fc.assert(
      fc.property(document, (any) => {
        // Names that look like indices change places in objects; that is no difference.
        expect(parseJson(formatJson(any))).toEqual(any);
      }),
    );
  });

  it("writes bytes as numbers and keeps every digit", () => {
    expect(
      formatJson(
        new Map<string, Document>([
          ["a", Uint8Array.of(1, 2)],
          ["b", 2n ** 64n - 1n],
        ]),
      ),
    ).toBe('{\n  "a": [1, 2],\n  "b": 18446744073709551615\n}\n');
    expect(formatJson(["x", new Map()])).toBe('[\n  "x",\n  {}\n]\n');
    expect(formatJson([])).toBe("[]\n");
  });

  it("reads numbers that are no integers as unreadable, and does not write them", () => {
    expect(parseJson("[1.0, 1e3, -0.5]")).toEqual([UNREADABLE, UNREADABLE, UNREADABLE]);
    expect(() => formatJson(UNREADABLE)).toThrow(expect.objectContaining({ code: "InvalidField" }));
  });

  it("takes names that objects have anyway for names", () => {
    expect(parseJson('{"__proto__": 1, "constructor": 2}')).toEqual(
      new Map([
        ["__proto__", 1],
        ["constructor", 2],
      ]),
    );
  });

  it("refuses what is not JSON, too deep or too long", () => {
    expect(() => parseJson("{")).toThrow(expect.objectContaining({ code: "Malformed" }));
    expect(() => parseJson("[".repeat(129) + "]".repeat(129))).toThrow(
      expect.objectContaining({ code: "LimitExceeded" }),
    );
    expect(parseJson(`["${"[".repeat(200)}\\"["]`)).toEqual([`${"[".repeat(200)}"[`]);
    expect(() => parseJson(" ".repeat(4 * 1024 * 1024 + 1))).toThrow(
      expect.objectContaining({ code: "LimitExceeded" }),
    );
  });

  it("throws nothing but its own error, whatever the text", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json().map((text) => text.slice(0, -1)),
        ),
        (text) => {
          try {
            parseJson(text);
          } catch (error) {
            expect(error).toBeInstanceOf(ConsensusError);
          }
        },
      ),
    );
  });
});

describe("TOML", () => {
  it("reads tables, arrays and integers of every size", () => {
    expect(parseToml('a = 1\nb = 9223372036854775807\n[c]\nd = ["x", true]')).toEqual(
      new Map<string, Document>([
        ["a", 1],
        ["b", 9223372036854775807n],
        ["c", new Map<string, Document>([["d", ["x", true]]])],
      ]),
    );
  });

  it("reads floats and dates as unreadable", () => {
    expect(parseToml("a = 1.0\nb = 1979-05-27")).toEqual(
      new Map([
        ["a", UNREADABLE],
        ["b", UNREADABLE],
      ]),
    );
  });

  it("refuses what is not TOML, or too deep", () => {
    expect(() => parseToml("a = ")).toThrow(expect.objectContaining({ code: "Malformed" }));
    expect(() => parseToml(`[${"a.".repeat(200)}a]`)).toThrow(
      expect.objectContaining({ code: "LimitExceeded" }),
    );
  });
});

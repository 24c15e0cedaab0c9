import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytesToHex, utf8 } from "./bytes.ts";
import { type Digestible, d, digest32 } from "./digestible.ts";

function hex<T>(context: string, schema: Digestible<T>, value: T): string {
  return bytesToHex(digest32(context, schema, value));
}

describe("quotable digests of 01 section 5.3", () => {
  test("built-in types", () => {
    expect(hex("test", d.u64, 0n)).toBe("03f063980e019550fa56b4d86e19336b1e0e57d98582a74767331d6be1fb3d1c");
    const none = "23d56dc3e2eba2a6e4b71e17e2b813080ca618c2f754d82d7a134b8c9fe95506";
    expect(hex("test", d.option(d.u64), undefined)).toBe(none);
    expect(hex("test", d.list(d.u32), [])).toBe(none);
    expect(hex("test", d.bytes, utf8("Moose"))).toBe(
      "4a0258a590358eb4d9bcb0e399b2990c3e9dd77887a075725fc9a9b6ee991115",
    );
    expect(hex("test", d.str, "Moose")).toBe(
      "f91be12e4d9959eb6211da807260f4d996f0c383b5b0b5bdf9a40e60d57c05e7",
    );
    expect(hex("test", d.list(d.u32), [1, 2, 3])).toBe(
      "39bce9d7a1c1efde2f1b601d3fcc3f2fc535323a3e9437116d8f7f7813322c12",
    );
  });

  test("derived types", () => {
    const example = d.struct<{ a: number; b: number; c: number }>("ExampleStruct", [
      ["a", d.u16],
      ["b", d.u16],
      ["c", d.u16],
    ]);
    expect(hex("foo1", example, { a: 0, b: 1, c: 2 })).toBe(
      "133509c69c22902ba24e3220833da7110d8be44604917824a0768356e09a0a6e",
    );

    type TestEnum = { kind: "Option1" } | { kind: "Option4"; a: bigint; b: bigint };
    const testEnum = d.variant<TestEnum>("TestEnum", (value) => (value.kind === "Option1" ? 0 : 3), [
      ["Option1"],
      ["Option2"],
      ["Option3"],
      [
        "Option4",
        d.from(
          (value: TestEnum) => value as Extract<TestEnum, { kind: "Option4" }>,
          d.struct<{ a: bigint; b: bigint }>("", [
            ["a", d.u64],
            ["b", d.u64],
          ]),
        ),
      ],
    ]);
    expect(hex("var1", testEnum, { kind: "Option1" })).toBe(
      "ad66bc8d8e25af34c6f2947a083b6ad2533aba49de5bf991e95cd2e3b377205d",
    );
    expect(hex("var4", testEnum, { kind: "Option4", a: 123n, b: 456n })).toBe(
      "cfad5038be5b688e7356004994a08544ad9fa398c6b10cf70c74a1efd30c1cab",
    );

    const kept = d.struct<{ s: string; b: Uint8Array }>("TestStruct", [
      ["s", d.str, { neverOmit: true }],
      ["b", d.bytes, { neverOmit: true }],
    ]);
    expect(hex("obj", kept, { s: "", b: new Uint8Array(0) })).toBe(
      "287a09606f47f3b19dec55558211d647f54f61a984570ca053a71730d0b5509f",
    );
  });
});

describe("omission", () => {
  interface Old {
    id: bigint;
  }
  interface New extends Old {
    note: string;
    data: Uint8Array;
    items: readonly bigint[];
    extra: bigint | undefined;
    nested: readonly bigint[] | undefined;
  }
  const older = d.struct<Old>("Record", [["id", d.u64]]);
  const newer = d.struct<New>("Record", [
    ["id", d.u64],
    ["note", d.str],
    ["data", d.bytes],
    ["items", d.list(d.u64)],
    ["extra", d.option(d.u64)],
    ["nested", d.option(d.list(d.u64))],
  ]);
  const empty: New = {
    id: 5n,
    note: "",
    data: new Uint8Array(0),
    items: [],
    extra: undefined,
    nested: undefined,
  };

  test("a struct grown by empty fields keeps its digest", () => {
    expect(hex("r", newer, empty)).toBe(hex("r", older, { id: 5n }));
    // An option forwards the mode: an empty list inside it vanishes too.
    expect(hex("r", newer, { ...empty, nested: [] })).toBe(hex("r", older, { id: 5n }));
  });

  test("integers are never empty", () => {
    expect(hex("r", newer, { ...empty, extra: 0n })).not.toBe(hex("r", newer, empty));
  });

  test("omitWhen leaves out exactly its literal", () => {
    const schema = d.struct<{ id: bigint; version: number }>("Record", [
      ["id", d.u64],
      ["version", d.u32, { omitWhen: 1 }],
    ]);
    expect(hex("r", schema, { id: 5n, version: 1 })).toBe(hex("r", older, { id: 5n }));
    expect(hex("r", schema, { id: 5n, version: 0 })).not.toBe(hex("r", older, { id: 5n }));
  });

  test("a field cannot be both never and sometimes omitted", () => {
    expect(() => d.struct<{ a: number }>("X", [["a", d.u32, { neverOmit: true, omitWhen: 1 }]])).toThrow(
      TypeError,
    );
  });

  test("a tuple struct and a newtype number their fields", () => {
    const digests = [
      hex("t", d.tupleStruct<[bigint]>("T", [d.u64]), [1n]),
      hex("t", d.newtype("T", d.u64), 1n),
    ];
    expect(new Set(digests).size).toBe(1);
    const name = d.newtype("ResponderId", d.str, { neverOmit: true });
    expect(hex("t", name, "")).not.toBe(hex("t", d.newtype("ResponderId", d.str), ""));
  });
});

describe("types", () => {
  test("the width of an integer matters", () => {
    const digests = [hex("t", d.u16, 1), hex("t", d.u32, 1), hex("t", d.u64, 1n), hex("t", d.i64, 1n)];
    expect(new Set(digests).size).toBe(digests.length);
  });

  test("values outside their type are refused", () => {
    const refused = (run: () => unknown) =>
      expect(run).toThrow(expect.objectContaining({ code: "IntegerOutOfRange" }));
    refused(() => digest32("t", d.u16, 65536));
    refused(() => digest32("t", d.u32, -1));
    refused(() => digest32("t", d.u64, 2n ** 64n));
    refused(() => digest32("t", d.i8, 128));
    refused(() => digest32("t", d.i32, 2 ** 31));
    refused(() => digest32("t", d.i64, 2n ** 63n));
    refused(() =>
      digest32(
        "t",
        d.variant<number>("V", (which) => which, [["A"]]),
        1,
      ),
    );
  });

  test("different values have different digests", () => {
    const schema = d.list(d.pair(d.str, d.option(d.i16)));
    const values = fc.array(
      fc.tuple(fc.string(), fc.option(fc.integer({ min: -32768, max: 32767 }), { nil: undefined })),
    );
    fc.assert(
      fc.property(values, values, (a, b) => {
        expect(hex("t", schema, a) === hex("t", schema, b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });

  test("a transparent choice stands for its payload", () => {
    const schema = d.transparent<bigint | string>((value) =>
      typeof value === "string" ? d.from((v) => String(v), d.str) : d.from((v) => BigInt(v), d.u64),
    );
    expect(hex("t", schema, 3n)).toBe(hex("t", d.u64, 3n));
    expect(hex("t", schema, "3")).toBe(hex("t", d.str, "3"));
  });
});

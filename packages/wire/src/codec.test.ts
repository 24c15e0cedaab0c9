import { BinaryWriter } from "@bufbuild/protobuf/wire";
import { bytesToHex, concat, hexToBytes } from "@mobilecoin-ts/crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Codec, f, fixedBytes, mapped, message, type UnionOf, wrapper } from "./codec.ts";
import { WireError } from "./error.ts";

const key = fixedBytes("Key", 4);

interface Shape {
  readonly kind: "circle" | "square";
  readonly size: number;
}
const shape = (kind: Shape["kind"]) => message<Shape>("Shape", { kind: f.constant(kind), size: f.uint32(1) });

interface Sample {
  readonly count: number;
  readonly total: bigint;
  readonly owner: Uint8Array;
  readonly label: string;
  readonly note: Uint8Array | undefined;
  readonly numbers: readonly bigint[];
  readonly keys: readonly Uint8Array[];
  readonly shape: Shape | undefined;
  readonly child: Sample | undefined;
}

const sample: Codec<Sample> = message<Sample>("Sample", {
  count: f.uint32(2),
  total: f.fixed64(3, { required: true }),
  owner: f.message(4, key),
  label: f.string(5),
  note: f.bytes(6, { optional: true }),
  numbers: f.packedFixed64(7),
  keys: f.repeated(8, key),
  shape: f.oneof<Shape>([
    { tag: 1, codec: shape("circle"), holds: ({ kind }) => kind === "circle" },
    { tag: 12, codec: shape("square"), holds: ({ kind }) => kind === "square" },
  ]),
  child: f.message(10, () => sample, { optional: true }),
});

type Choice = UnionOf<{ readonly node: Uint8Array; readonly index: bigint; readonly inner: Pick }>;
interface Pick {
  readonly name: string;
  readonly choice: Choice | undefined;
}
const pick: Codec<Pick> = message<Pick>("Pick", {
  name: f.nestedString(5),
  choice: f.union({
    node: f.message(1, key, { optional: true }),
    index: f.fixed64(7, { optional: true }),
    inner: f.message(6, () => pick, { optional: true }),
  }),
});

const varint = (value: number) => new BinaryWriter().uint32(value).finish();
const empty: Sample = sample.defaultValue();
const hex = (value: Sample, order?: "store" | "wire") => bytesToHex(sample.encode(value, order));
const decode = (text: string) => sample.decode(hexToBytes(text.replaceAll(" ", "")));
const refusal = (run: () => unknown): WireError => {
  try {
    run();
  } catch (error) {
    if (error instanceof WireError) return error;
    throw error;
  }
  throw new Error("was not refused");
};

const sampleArbitrary = (depth: number): fc.Arbitrary<Sample> =>
  fc.record({
    count: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    total: fc.bigInt(0n, 2n ** 64n - 1n),
    owner: fc.uint8Array({ minLength: 4, maxLength: 4 }),
    label: fc.string({ unit: "grapheme" }),
    note: fc.option(fc.uint8Array(), { nil: undefined }),
    numbers: fc.array(fc.bigInt(0n, 2n ** 64n - 1n)),
    keys: fc.array(fc.uint8Array({ minLength: 4, maxLength: 4 })),
    shape: fc.option(
      fc.record({ kind: fc.constantFrom("circle" as const, "square" as const), size: fc.nat() }),
      { nil: undefined },
    ),
    child: depth === 0 ? fc.constant(undefined) : fc.option(sampleArbitrary(depth - 1), { nil: undefined }),
  });

describe("declared codec", () => {
  test("writes required fields even when default, and nothing else", () => {
    expect(hex(empty)).toBe("190000000000000000" + "2206" + "0a04" + "00000000");
  });

  test("puts a oneof at its lowest tag, or last in wire order", () => {
    const square = { ...empty, count: 1, shape: { kind: "square", size: 0 } as const };
    expect(hex(square)).toBe("6200" + "1001" + "190000000000000000" + "22060a0400000000");
    expect(hex(square, "wire")).toBe("1001" + "22060a0400000000" + "6200");
  });

  test("writes no default scalar in wire order, also where required", () => {
    expect(hex(empty, "wire")).toBe("2206" + "0a04" + "00000000");
  });

  test("reads back what it writes, in either order", () => {
    fc.assert(
      fc.property(sampleArbitrary(2), fc.constantFrom("store" as const, "wire" as const), (value, order) => {
        expect(sample.decode(sample.encode(value, order))).toEqual(value);
      }),
    );
  });

  test("fails on any input with a WireError only", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          const value = sample.decode(bytes);
          expect(sample.decode(sample.encode(value))).toEqual(value);
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test("skips unknown fields, also groups", () => {
    expect(decode("a80601 b3067801b406 1002")).toEqual({ ...empty, count: 2 });
  });

  test("takes the last of repeated scalars, merges repeated messages, and lets the last oneof member win", () => {
    expect(decode("1001 1002").count).toBe(2);
    const merged = decode("5202 1001 5209 190900000000000000").child;
    expect(merged).toEqual({ ...empty, count: 1, total: 9n });
    expect(decode("0a02 0805 6202 0807").shape).toEqual({ kind: "square", size: 7 });
  });

  test("reads packed and single numbers alike", () => {
    expect(decode("3908000000000000003a080900000000000000").numbers).toEqual([8n, 9n]);
  });

  test("gives an absent required message and an absent wrapper content their defaults", () => {
    expect(decode("").owner).toEqual(new Uint8Array(4));
    expect(decode("2200").owner).toEqual(new Uint8Array(4));
  });

  test.each([
    ["a wrong length", "22050a03010203", "Length", "Sample.owner"],
    ["a wrong length deep inside", "5207 4205 0a03010203", "Length", "Sample.child.keys"],
    ["a wrong wire type", "15 00000000", "WireType", "Sample.count"],
    ["bad UTF-8", "2a02 c328", "Content", "Sample.label"],
    ["a truncated field", "1900", "Malformed", "Sample.total"],
    ["a length that leads outside", "5220 1001", "Malformed", "Sample.child"],
    ["a field that leads beyond its message", "5202 19000000000000000000", "Malformed", "Sample.child"],
    ["an illegal tag", "0000", "Malformed", "Sample"],
    ["an endless varint", "10ffffffffffffffffffffff01", "Malformed", "Sample.count"],
    ["a varint of 65 bits", "10ffffffffffffffffff02", "Malformed", "Sample.count"],
    ["an unknown varint of 65 bits", "a006ffffffffffffffffff02", "Malformed", "Sample"],
    ["a length of 2^32", "2a8080808010", "Malformed", "Sample.label"],
    ["a tag of 2^32 and more", "9080808010 01", "Malformed", "Sample"],
    ["a wire type that is none", "16", "Malformed", "Sample"],
    ["a group that ends unopened", "a406", "Malformed", "Sample"],
    ["a group that ends as another", "a306ac06", "Malformed", "Sample"],
    ["an unknown field beyond the end", "a2062000", "Malformed", "Sample"],
  ])("refuses %s, naming the field", (_, text, code, path) => {
    const error = refusal(() => decode(text));
    expect([error.code, error.path]).toEqual([code, path]);
  });

  test("cuts a long varint to a uint32 field's 32 bits, and takes padded lengths and tags", () => {
    expect(decode("10ffffffffffffffffff01").count).toBe(0xffffffff);
    expect(decode("108180808010").count).toBe(1);
    expect(decode("2a818080800061").label).toBe("a");
    expect(decode("908080800001").count).toBe(1);
  });

  test("takes 100 levels of messages and no more, as the ledger's decoder does", () => {
    const nested = (levels: number) => {
      let bytes = new Uint8Array(0);
      for (let level = 0; level < levels; level++)
        bytes = concat(Uint8Array.of(0x52), varint(bytes.length), bytes);
      return bytes;
    };
    expect(() => sample.decode(nested(100))).not.toThrow();
    expect(refusal(() => sample.decode(nested(101))).code).toBe("Limit");
    const groups = (levels: number) => hexToBytes("a306".repeat(levels) + "a406".repeat(levels));
    expect(() => sample.decode(groups(100))).not.toThrow();
    expect(refusal(() => sample.decode(groups(101))).code).toBe("Limit");
  });

  test("keeps the limits", () => {
    let nested = empty;
    for (let depth = 0; depth < 8; depth++) nested = { ...empty, child: nested };
    const bytes = sample.encode(nested);
    expect(refusal(() => sample.decode(bytes, { maxDepth: 5 })).code).toBe("Limit");
    expect(refusal(() => sample.decode(bytes, { maxBytes: bytes.length - 1 })).code).toBe("Limit");
    const many = sample.encode({ ...empty, numbers: [1n, 2n, 3n], keys: [] });
    expect(refusal(() => sample.decode(many, { maxElements: 2 })).path).toBe("Sample.numbers");
    expect(sample.decode(many, { maxElements: 3 }).numbers).toHaveLength(3);
    // Eight children, and nine owners of which each is a message too.
    expect(sample.decode(bytes, { maxMessages: 17 })).toEqual(nested);
    expect(refusal(() => sample.decode(bytes, { maxMessages: 16 })).code).toBe("Limit");
  });

  test.each([
    ["an array", (bytes: Uint8Array) => bytes],
    ["a Node.js buffer", (bytes: Uint8Array) => Buffer.from(bytes)],
  ])("does not share memory with its input, %s", (_, inputOf) => {
    const bytes = inputOf(sample.encode({ ...empty, note: Uint8Array.of(1, 2) }));
    const value = sample.decode(bytes);
    bytes.fill(0xff);
    expect(value.note).toEqual(Uint8Array.of(1, 2));
  });
});

describe("union", () => {
  const read = (text: string, form: "store" | "wire" = "store") => pick.decode(hexToBytes(text), { form });

  test("writes a selected default, at the lowest tag or last", () => {
    const value: Pick = { name: "a", choice: { case: "index", value: 0n } };
    expect(bytesToHex(pick.encode(value))).toBe("390000000000000000" + "2a030a0161");
    expect(bytesToHex(pick.encode(value, "wire"))).toBe("2a0161" + "390000000000000000");
    expect(pick.decode(pick.encode(value))).toEqual(value);
    expect(pick.decode(pick.encode(value, "wire"), { form: "wire" })).toEqual(value);
  });

  test("lets the last case win and merges the same message", () => {
    expect(read("39010000000000000032002a00").choice).toEqual({
      case: "inner",
      value: { name: "", choice: undefined },
    });
    expect(read("3205" + "2a030a0161" + "3202" + "3200").choice).toEqual({
      case: "inner",
      value: { name: "a", choice: { case: "inner", value: { name: "", choice: undefined } } },
    });
  });

  test("nests a string in store form only, and keeps the forms apart", () => {
    const value: Pick = { name: "", choice: undefined };
    expect(bytesToHex(pick.encode(value))).toBe("2a00");
    expect(bytesToHex(pick.encode(value, "wire"))).toBe("");
    expect(refusal(() => read("2a0161")).path).toBe("Pick.name");
    expect(read("2a030a0161", "wire").name).toBe("\n\u0001a");
  });
});

describe("mapped codec", () => {
  const reversed = mapped<Pick, string>(
    pick,
    ({ name }) => [...name].reverse().join(""),
    (name) => ({ name: [...name].reverse().join(""), choice: undefined }),
  );
  const list = message<{ readonly names: readonly string[]; readonly name: string | undefined }>("List", {
    names: f.repeated(1, reversed),
    name: f.message(2, reversed, { optional: true }),
  });

  test("has the inner message's bytes in both forms", () => {
    for (const order of ["store", "wire"] as const) {
      const bytes = pick.encode({ name: "abc", choice: undefined }, order);
      expect(reversed.encode("cba", order)).toEqual(bytes);
      expect(reversed.decode(bytes, { form: order })).toBe("cba");
    }
  });

  test("stands in fields like any other, merging and naming its fields in errors", () => {
    const value = { names: ["a", "bc"], name: "d" };
    expect(list.decode(list.encode(value))).toEqual(value);
    expect(list.decode(hexToBytes("12052a030a0161" + "1200")).name).toBe("a");
    expect(refusal(() => list.decode(hexToBytes("0a022a01"))).path).toBe("List.names.name");
    expect(refusal(() => reversed.decode(hexToBytes("2a01"))).path).toBe("Pick.name");
  });

  test("takes time in proportion in a repeated field", () => {
    const bytes = new Uint8Array(200_000).map((_, index) => (index % 2 === 0 ? 0x0a : 0));
    const start = performance.now();
    expect(list.decode(bytes).names).toHaveLength(100_000);
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

test("a wrapper refuses content that is no value, with the reason, and takes an absent one as its default", () => {
  const even = wrapper<number>("Even", {
    length: 1,
    initial: () => 0,
    toBytes: (value) => Uint8Array.of(value),
    fromBytes([value]) {
      if (value === undefined || value % 2 !== 0) throw new RangeError("is odd");
      return value;
    },
  });
  expect(even.decode(even.encode(6))).toBe(6);
  expect(even.decode(new Uint8Array(0))).toBe(0);
  const error = refusal(() => even.decode(hexToBytes("0a0107")));
  expect([error.code, error.message, error.cause]).toEqual([
    "Content",
    "Even: is odd",
    expect.any(RangeError),
  ]);
  expect(refusal(() => even.decode(hexToBytes("0807"))).code).toBe("WireType");
});

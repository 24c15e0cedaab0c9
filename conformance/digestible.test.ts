import { bytesToHex, type Digestible, d, digest32, hexToBytes } from "@mobilecoin-ts/crypto";
import { expect, test } from "vitest";
import { describeVectors, loadVectors } from "./vectors.ts";

/** A tree of the vectors: what to hash, spelled out. */
type Tree =
  | { type: "u16" | "u32" | "i8" | "i16" | "i32"; value: string }
  | { type: "u64" | "i64"; value: string }
  | { type: "bool"; value: boolean }
  | { type: "bytes" | "str" | "scalar" | "ristretto"; value: string }
  | { type: "seq" | "tuple"; elements: Tree[] }
  | { type: "option"; value: Tree | null }
  | {
      type: "struct";
      struct_name: string;
      fields: { field_name: string; never_omit: boolean; value: Tree }[];
    }
  | { type: "variant"; enum_name: string; which: number; variant_name: string; value: Tree | null };

/** The schema and the value of a tree, tied together so that the schema can be used with any value type. */
function leaf<T>(schema: Digestible<T>, value: T): Digestible<unknown> {
  return d.from(() => value, schema);
}

function schemaOf(tree: Tree): Digestible<unknown> {
  switch (tree.type) {
    case "u16":
    case "u32":
    case "i8":
    case "i16":
    case "i32":
      return leaf(d[tree.type], Number(tree.value));
    case "u64":
    case "i64":
      return leaf(d[tree.type], BigInt(tree.value));
    case "bool":
      return leaf(d.bool, tree.value);
    case "str":
      return leaf(d.str, tree.value);
    case "bytes":
    case "scalar":
    case "ristretto":
      return leaf(d[tree.type], hexToBytes(tree.value));
    case "seq":
      return leaf(d.list(d.transparent<Tree>(schemaOf)), tree.elements);
    case "tuple": {
      const [first, second] = tree.elements;
      return leaf(d.pair(d.transparent<Tree>(schemaOf), d.transparent<Tree>(schemaOf)), [first!, second!]);
    }
    case "option":
      return leaf(d.option(d.transparent<Tree>(schemaOf)), tree.value ?? undefined);
    case "struct": {
      const value = Object.fromEntries(tree.fields.map((field) => [field.field_name, field.value]));
      return leaf(
        d.struct<Record<string, Tree>>(
          tree.struct_name,
          tree.fields.map(({ field_name, never_omit }) => [
            field_name,
            d.transparent<Tree>(schemaOf),
            never_omit ? { key: field_name, neverOmit: true } : { key: field_name },
          ]),
        ),
        value,
      );
    }
    case "variant": {
      const payload = tree.value;
      const cases = Array.from({ length: tree.which + 1 }, () => ["unused"] as const);
      return d.variant<unknown>(tree.enum_name, () => tree.which, [
        ...cases.slice(0, tree.which),
        payload === null ? [tree.variant_name] : [tree.variant_name, schemaOf(payload)],
      ]);
    }
  }
}

describeVectors("digestible", () => {
  for (const row of loadVectors<{ name: string; context: string; value: Tree; digest32: string }>(
    "digestible/digests.jsonl",
  )) {
    test(row.name, () => {
      expect(bytesToHex(digest32(row.context, schemaOf(row.value), row.value))).toBe(row.digest32);
    });
  }
});

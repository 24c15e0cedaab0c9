import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AttestationError } from "../error.ts";
import { type JsonNode, JsonObjectReader, parseStrictJson } from "./strict-json.ts";

function plainOf(node: JsonNode): unknown {
  switch (node.kind) {
    case "object":
      return Object.fromEntries(node.members.map(([name, member]) => [name, plainOf(member)]));
    case "array":
      return node.elements.map(plainOf);
    case "string":
      return node.value;
    default:
      return JSON.parse(node.raw);
  }
}

const serde = expect.objectContaining({ code: "Serde" });
const objectOf = (text: string) => new JsonObjectReader(parseStrictJson(text, "test"), "test");

describe("JSON that keeps its text", () => {
  test("says the same as JSON.parse, and refuses what that refuses", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.nat(3), (value, indent) => {
        const text = JSON.stringify(value, undefined, indent);
        const node = parseStrictJson(text, "test");
        expect(JSON.stringify(plainOf(node))).toEqual(JSON.stringify(JSON.parse(text)));
        expect(node.raw).toBe(text);
      }),
    );
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'{}[]",:0123456789.eE+-truefalsn\\u \n\u0001'), maxLength: 12 }),
        (text) => {
          let parsed = true;
          try {
            JSON.parse(text);
          } catch {
            parsed = false;
          }
          if (parsed) parseStrictJson(text, "test");
          else expect(() => parseStrictJson(text, "test")).toThrow(AttestationError);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test("keeps the exact text of a member, without the space around it", () => {
    expect(objectOf('{ "a" :\t{ "b": 1.0 } \n, "c": 2 }').required("a").raw).toBe('{ "b": 1.0 }');
  });

  test("has limits", () => {
    expect(() => parseStrictJson("[".repeat(40) + "]".repeat(40), "test")).toThrow(serde);
    expect(() => parseStrictJson(`${" ".repeat(1 << 20)}1`, "test")).toThrow(serde);
  });

  test("minds repeated members of the names that are asked for", () => {
    const object = objectOf('{"a": 1, "b": 2, "\\u0061": 3}');
    expect(object.unsigned("b", 5)).toBe(2);
    expect(() => object.required("a")).toThrow(serde);
    expect(() => object.optional("a")).toThrow(serde);
    expect(() => object.required("c")).toThrow(serde);
    expect(object.optional("c")).toBeUndefined();
  });

  test.each(["-1", "1.0", "1e0", "6", '"1"', "null"])("takes no %s for an integer of 0..5", (text) => {
    expect(() => objectOf(`{"a": ${text}}`).unsigned("a", 5)).toThrow(serde);
  });

  test.each(['"abc"', '"abcg"', '"ab"', "1"])("takes no %s for two bytes in hex", (text) => {
    expect(() => objectOf(`{"a": ${text}}`).hex("a", 2)).toThrow(serde);
    expect(objectOf('{"a": "aBCd"}').hex("a", 2)).toEqual(Uint8Array.of(0xab, 0xcd));
  });
});

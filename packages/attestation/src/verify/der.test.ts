import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { der } from "../simulation/der-writer.ts";
import { DER_TAG, DerReader, dottedOid, readDerSequence, smallInteger, wholeBits } from "./der.ts";

const refused = expect.objectContaining({ code: "Der" });
const one = (bytes: Uint8Array) => new DerReader(bytes, "test").next();

describe("DER", () => {
  test("reads what is written", () => {
    fc.assert(
      fc.property(fc.nat(0xffff_ffff), fc.uint8Array({ maxLength: 300 }), (number, octets) => {
        const members = readDerSequence(der.sequence(der.integer(number), der.octets(octets)), "test");
        expect(smallInteger(members.next(DER_TAG.integer), "test")).toBe(number);
        expect(members.next(DER_TAG.octetString).content).toEqual(octets);
        members.end();
      }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 }), fc.nat(39), fc.array(fc.nat(1 << 30)), (a, b, rest) => {
        const dotted = [a, b, ...rest].join(".");
        expect(dottedOid(one(der.oid(dotted)), "test")).toBe(dotted);
      }),
    );
  });

  test.each<[string, number[]]>([
    ["nothing", []],
    ["a tag alone", [0x30]],
    ["an indefinite length", [0x30, 0x80, 0, 0]],
    ["a length with an octet to spare", [0x30, 0x81, 1, 0]],
    ["a length with a leading zero", [0x30, 0x82, 0, 0x80, ...new Uint8Array(128)]],
    ["a length of five octets", [0x30, 0x85, 1, 0, 0, 0, 0]],
    ["a length beyond the end", [0x30, 2, 0]],
    ["something behind", [0x30, 0, 0]],
    ["another tag", [0x31, 0]],
    ["a long tag", [0x3f, 0x81, 0]],
  ])("does not take %s", (_name, bytes) => {
    expect(() => readDerSequence(Uint8Array.from(bytes), "test")).toThrow(refused);
  });

  test("takes the shortest integers only, and whole octets", () => {
    for (const content of [[], [0, 1], [0x80], [0xff], [1, 0, 0, 0, 0]]) {
      expect(() => smallInteger(one(Uint8Array.of(2, content.length, ...content)), "test")).toThrow(refused);
    }
    expect(smallInteger(one(Uint8Array.of(2, 2, 0, 0x80)), "test")).toBe(128);
    expect(() => wholeBits(one(Uint8Array.of(3, 2, 1, 2)), "test")).toThrow(refused);
    expect(() => dottedOid(one(Uint8Array.of(6, 1, 0x80)), "test")).toThrow(refused);
  });
});

import { utf8 } from "@mobilecoin-ts/crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seal, unseal } from "./seal.ts";
import { deriveSealKey } from "./simulated-enclave-platform.ts";

const keysOf = (root: number, mrEnclave: number) => ({
  sealKey: (purpose: string) =>
    deriveSealKey(new Uint8Array(32).fill(root), new Uint8Array(32).fill(mrEnclave), purpose),
});
const keys = keysOf(1, 2);
const refused = expect.objectContaining({ name: "EnclaveError", code: "Unseal" });

describe("sealed bytes", () => {
  test("are opened by who sealed them, for the same purpose and with the same additional bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.string(), fc.uint8Array(), (plain, purpose, aad) => {
        expect(unseal(keys, purpose, seal(keys, purpose, plain, aad), aad)).toEqual(plain);
      }),
    );
  });

  const sealed = seal(keys, "a purpose", utf8("a secret"), utf8("aad"));

  test.each<[string, () => Uint8Array]>([
    ["another purpose", () => unseal(keys, "another purpose", sealed, utf8("aad"))],
    ["another measurement", () => unseal(keysOf(1, 3), "a purpose", sealed, utf8("aad"))],
    ["another machine", () => unseal(keysOf(9, 2), "a purpose", sealed, utf8("aad"))],
    ["other additional bytes", () => unseal(keys, "a purpose", sealed, utf8("bbd"))],
  ])("are not opened with %s", (_, open) => {
    expect(open).toThrow(refused);
  });

  test("are not opened with any bit flipped or any byte missing", () => {
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const bent = sealed.slice();
      bent[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => unseal(keys, "a purpose", bent, utf8("aad"))).toThrow(refused);
    }
    for (let length = 0; length < sealed.length; length++) {
      expect(() => unseal(keys, "a purpose", sealed.slice(0, length), utf8("aad"))).toThrow(refused);
    }
  });

  test("are never the same twice", () => {
    expect(seal(keys, "a purpose", utf8("a secret"))).not.toEqual(seal(keys, "a purpose", utf8("a secret")));
  });
});

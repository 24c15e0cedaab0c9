import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeBase58Check, encodeBase58Check, MAX_CODE_LENGTH } from "./base58-check.ts";
import { AccountError } from "./error.ts";

function refusal(code: string, expected: string): void {
  expect(() => decodeBase58Check(code)).toThrow(expect.objectContaining({ code: expected }));
}

describe("base58 with CRC-32", () => {
  test("round trips", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (payload) => {
        expect(decodeBase58Check(encodeBase58Check(payload))).toEqual(payload);
      }),
    );
  });

  test("one changed character is noticed", () => {
    const code = encodeBase58Check(new Uint8Array(60).fill(5));
    for (let i = 0; i < code.length; i++) {
      const other = code[i] === "2" ? "3" : "2";
      refusal(code.slice(0, i) + other + code.slice(i + 1), "ChecksumMismatch");
    }
  });

  test("names what is wrong", () => {
    const code = encodeBase58Check(Uint8Array.of(1, 2, 3));
    for (const bad of [`${code}\n`, ` ${code}`, `${code}0`, `${code}l`, "é"]) refusal(bad, "B58");
    for (const bad of ["", "1", "1111"]) refusal(bad, "InsufficientBytes");
    refusal("1".repeat(MAX_CODE_LENGTH + 1), "B58");
  });

  test("any text is decoded or refused with a typed error", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => decodeBase58Check(text)).toThrow(AccountError);
      }),
    );
  });
});

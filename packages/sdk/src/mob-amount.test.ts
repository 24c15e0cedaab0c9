import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatTokenAmount, parseTokenAmount } from "./mob-amount.ts";

describe("token amounts", () => {
  test.each([
    ["1", 0n, 1_000_000_000_000n],
    ["0.000000000001", 0n, 1n],
    ["12.5", 0n, 12_500_000_000_000n],
    ["1.5", 1n, 1_500_000n],
    ["7", 8192n, 7n],
  ])("reads %s of token %s", (text, tokenId, value) => {
    expect(parseTokenAmount(text, tokenId)).toBe(value);
  });

  test.each(["", "-1", "1e3", "1.", ".5", "0x10", "1,5", "0.0000000000001"])("refuses %j", (text) => {
    expect(() => parseTokenAmount(text)).toThrow(expect.objectContaining({ code: "AmountFormat" }));
  });

  test("refuses more than 2^64 - 1 smallest units", () => {
    expect(parseTokenAmount("18446744.073709551615")).toBe(2n ** 64n - 1n);
    expect(() => parseTokenAmount("18446744.073709551616")).toThrow(
      expect.objectContaining({ code: "AmountTooLarge" }),
    );
  });

  test("writes what it reads", () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 64n - 1n), fc.constantFrom(0n, 1n, 5n), (value, tokenId) => {
        const text = formatTokenAmount(value, tokenId).replace(/ (?=\d)/g, "");
        expect(parseTokenAmount(text.split(" ")[0]!, tokenId)).toBe(value);
      }),
    );
  });
});

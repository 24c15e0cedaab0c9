import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AccountError } from "./error.ts";
import {
  generateMnemonic,
  MNEMONIC_ENTROPY_LENGTHS,
  mnemonicEntropy,
  mnemonicFromEntropy,
  mnemonicSeed,
} from "./mnemonic.ts";

describe("mnemonics", () => {
  test("round trip for every length", () => {
    for (const length of MNEMONIC_ENTROPY_LENGTHS) {
      fc.assert(
        fc.property(fc.uint8Array({ minLength: length, maxLength: length }), (entropy) => {
          const mnemonic = mnemonicFromEntropy(entropy);
          expect(mnemonic.split(" ").length).toBe((length * 3) / 4);
          expect(mnemonicEntropy(mnemonic)).toEqual(entropy);
        }),
        { numRuns: 10 },
      );
    }
  });

  test("white space is normalised before the checksum and before key derivation", () => {
    const mnemonic = generateMnemonic((length) => new Uint8Array(length).fill(9));
    const spaced = `\n  ${mnemonic.replaceAll(" ", " \t ")} \r\n`;
    expect(mnemonicEntropy(spaced)).toEqual(mnemonicEntropy(mnemonic));
    expect(mnemonicSeed(spaced)).toEqual(mnemonicSeed(mnemonic));
  });

  test("a phrase that is none is refused without being repeated", () => {
    const mnemonic = mnemonicFromEntropy(new Uint8Array(16));
    for (const bad of [
      "",
      "abandon",
      mnemonic.replace("about", "abandon"),
      `${mnemonic} about`,
      mnemonic.toUpperCase(),
      mnemonic.replace("about", "secretword"),
    ]) {
      try {
        mnemonicSeed(bad);
        expect.unreachable();
      } catch (error) {
        expect(error).toBeInstanceOf(AccountError);
        expect(error).toMatchObject({ code: "InvalidMnemonic" });
        expect(error).not.toHaveProperty("cause");
        expect(String(error)).not.toContain("secretword");
      }
    }
  });

  test("any text is decoded or refused with a typed error", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(() => mnemonicEntropy(text)).toThrow(AccountError);
      }),
    );
  });

  test("entropy of another length is refused", () => {
    for (const length of [0, 15, 17, 33, 64]) {
      expect(() => mnemonicFromEntropy(new Uint8Array(length))).toThrow(
        expect.objectContaining({ code: "MnemonicSize" }),
      );
    }
  });
});

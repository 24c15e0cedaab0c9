import { bytesToHex, ed25519PublicKey, encodeEd25519PublicDer, encodePem } from "@mobilecoin-ts/crypto";
import { describe, expect, it } from "vitest";
import { signGovernors, TEST_MINTING_TRUST_ROOT_SEED } from "./blockchain-config.ts";
import { DEFAULT_TOKENS_CONFIG, parseTokensConfig, withGovernorsSignature } from "./tokens-config.ts";

const key = (fill: number) => ed25519PublicKey(new Uint8Array(32).fill(fill));
const single = (fill: number) => ({
  type: "Single",
  pub_key: encodePem("PUBLIC KEY", encodeEd25519PublicDer(key(fill))),
});
const MOB = { token_id: 0, minimum_fee: 400_000_000 };
const SIGNATURE = "ab".repeat(64);

const file = (tokens: readonly object[], rest: object = {}) => JSON.stringify({ tokens, ...rest });
const refusal = (code: string) => expect.objectContaining({ name: "ConsensusError", code });

describe("parseTokensConfig", () => {
  it("reads fees, governors and their signature", () => {
    const config = parseTokensConfig(
      file(
        [
          MOB,
          {
            token_id: 1,
            minimum_fee: 1024,
            signer_identities: {
              Alice: single(1),
              Board: {
                type: "MultiSig",
                threshold: 2,
                signers: [single(2), { type: "Identity", name: "Alice" }],
              },
            },
            governors: {
              type: "MultiSig",
              threshold: 1,
              signers: [{ type: "Identity", name: "Board" }, single(3)],
            },
          },
        ],
        { governors_signature: SIGNATURE },
      ),
    );
    expect([...config.fees]).toEqual([
      [0n, 400_000_000n],
      [1n, 1024n],
    ]);
    expect(config.governors.get(1n)).toEqual({
      individualSigners: [key(3)],
      multiSigners: [{ individualSigners: [key(2), key(1)], multiSigners: [], threshold: 2 }],
      threshold: 1,
    });
    expect(bytesToHex(config.governorsSignature!)).toBe(SIGNATURE);
  });

  it("takes the default fee for token 0, and 64 bits for any", () => {
    const large =
      '{"tokens":[{"token_id":0},{"token_id":18446744073709551615,"minimum_fee":9007199254740993}]}';
    expect([...parseTokensConfig(large).fees]).toEqual([
      [0n, 400_000_000n],
      [2n ** 64n - 1n, 9007199254740993n],
    ]);
    expect([...DEFAULT_TOKENS_CONFIG.fees]).toEqual([[0n, 400_000_000n]]);
  });

  it("takes an empty signature for none", () => {
    expect(parseTokensConfig(file([MOB], { governors_signature: "" })).governorsSignature).toBeUndefined();
  });

  it.each<[string, readonly object[], string]>([
    ["a token twice", [MOB, MOB], "DuplicateTokenConfig"],
    ["no token 0", [{ token_id: 1, minimum_fee: 1024 }], "MissingMobConfig"],
    ["no token", [], "MissingMobConfig"],
    ["a token without a fee", [MOB, { token_id: 1 }], "MissingMinimumFee"],
    ["a fee below the bounds", [{ token_id: 0, minimum_fee: 9_999 }], "FeeOutOfBounds"],
    ["a fee at the upper bound", [{ token_id: 0, minimum_fee: 10 ** 12 }], "FeeOutOfBounds"],
    [
      "any fee for another token",
      [MOB, { token_id: 1, minimum_fee: 1, allow_any_fee: true }],
      "AllowAnyFeeNotAllowed",
    ],
    ["governors of token 0", [{ ...MOB, governors: single(1) }], "MintConfigNotAllowed"],
    [
      "governors that nobody can satisfy",
      [
        MOB,
        { token_id: 1, minimum_fee: 1, governors: { type: "MultiSig", threshold: 2, signers: [single(1)] } },
      ],
      "InvalidSignerSet",
    ],
    [
      "governors that are not defined",
      [
        MOB,
        {
          token_id: 1,
          minimum_fee: 1,
          governors: { type: "Identity", name: "alice" },
          signer_identities: { Alice: single(1) },
        },
      ],
      "InvalidSignerSet",
    ],
  ])("refuses %s", (_, tokens, code) => {
    expect(() => parseTokensConfig(file(tokens))).toThrow(refusal(code));
  });

  it("takes fees at the bounds, and any fee where that is allowed", () => {
    for (const token of [
      { token_id: 0, minimum_fee: 10_000 },
      { token_id: 0, minimum_fee: 10 ** 12 - 1 },
    ]) {
      expect(() => parseTokensConfig(file([token]))).not.toThrow();
    }
    expect(parseTokensConfig(file([{ token_id: 0, minimum_fee: 1, allow_any_fee: true }])).fees.get(0n)).toBe(
      1n,
    );
  });

  it.each<[string, string, string]>([
    [
      "a signature of another length",
      file([MOB], { governors_signature: "ab" }),
      "governors_signature is not 64 bytes in hex",
    ],
    [
      "a fee that is no integer",
      file([{ token_id: 0, minimum_fee: 1.5 }]),
      "tokens[0].minimum_fee is not an integer",
    ],
    [
      "a key that is none",
      file([MOB, { token_id: 1, minimum_fee: 1, governors: { type: "Single", pub_key: "x" } }]),
      "tokens[1].governors.pub_key is no Ed25519 public key in PEM",
    ],
    [
      "an unknown kind of signer",
      file([MOB, { token_id: 1, minimum_fee: 1, governors: { type: "single" } }]),
      "has a type that is none of",
    ],
    ["a flag that is a text", file([{ ...MOB, allow_any_fee: "yes" }]), "is neither true nor false"],
    ["no list of tokens", "{}", "tokens is not an array"],
  ])("refuses %s", (_, text, message) => {
    expect(() => parseTokensConfig(text)).toThrow(
      expect.objectContaining({ code: "InvalidField", message: expect.stringContaining(message) }),
    );
  });
});

describe("withGovernorsSignature", () => {
  it("puts in or replaces the signature and keeps the rest", () => {
    const tokens = [MOB, { token_id: 1, minimum_fee: 1024, governors: single(1), note: ["kept"] }];
    const { governors } = parseTokensConfig(file(tokens));
    const signature = signGovernors(governors, TEST_MINTING_TRUST_ROOT_SEED);
    for (const text of [file(tokens), file(tokens, { governors_signature: SIGNATURE })]) {
      const signed = withGovernorsSignature(text, signature);
      expect(JSON.parse(signed)).toEqual({ tokens, governors_signature: bytesToHex(signature) });
      expect(parseTokensConfig(signed).governorsSignature).toEqual(signature);
    }
  });
});

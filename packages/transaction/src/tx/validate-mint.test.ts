import { bytesToHex, concat, ed25519PublicKey, ed25519Sign, type SignerSet } from "@mobilecoin-ts/crypto";
import { Point } from "@mobilecoin-ts/curve";
import { describe, expect, test } from "vitest";
import { type BlockVersion, blockVersion } from "../tx-out/block-version.ts";
import { MAX_TOMBSTONE_BLOCKS } from "../tx-out/constants.ts";
import {
  type MintConfig,
  type MintConfigTxPrefix,
  type MintTxPrefix,
  mintConfigTxPrefixHash,
  mintTxPrefixHash,
} from "./mint-tx.ts";
import { rejectionsOf } from "./testing/rejections-of.ts";
import { type MintValidationContext, validateMintConfigTx, validateMintTx } from "./validate-mint.ts";

const SEEDS = [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte));
const KEYS = SEEDS.map(ed25519PublicKey);
const [V1, V2, V3, V4] = [1, 2, 3, 4].map(blockVersion) as [
  BlockVersion,
  BlockVersion,
  BlockVersion,
  BlockVersion,
];

const signers: SignerSet = { individualSigners: KEYS, multiSigners: [], threshold: 2 };
const nested: SignerSet = { individualSigners: [], multiSigners: [signers], threshold: 1 };
const NONCE = new Uint8Array(64).fill(7);
const G = Point.BASE.encode();
const context: MintValidationContext = { blockVersion: V3, blockIndex: 5n };

const prefix: MintTxPrefix = {
  tokenId: 1n,
  amount: 2n,
  viewPublicKey: G,
  spendPublicKey: G,
  nonce: NONCE,
  tombstoneBlock: 10n,
  eFogHint: undefined,
};
const config: MintConfig = { tokenId: 1n, signerSet: signers, mintLimit: 100n };

const configPrefix: MintConfigTxPrefix = {
  tokenId: 1n,
  configs: [config, { ...config, mintLimit: 5n }],
  nonce: NONCE,
  tombstoneBlock: 10n,
  totalMintLimit: 1n,
};

const sign = (digest: Uint8Array, count = 2): Uint8Array[] =>
  SEEDS.slice(0, count).map((seed) => ed25519Sign(seed, digest));

interface MintCase {
  readonly prefix?: Partial<MintTxPrefix>;
  readonly config?: Partial<MintConfig>;
  readonly context?: Partial<MintValidationContext>;
  readonly signatures?: number;
}

function mint(bent: MintCase = {}): string[] {
  const bentPrefix = { ...prefix, ...bent.prefix };
  const tx = { prefix: bentPrefix, signature: sign(mintTxPrefixHash(bentPrefix), bent.signatures) };
  return rejectionsOf(() =>
    validateMintTx(tx, { ...config, ...bent.config }, { ...context, ...bent.context }),
  );
}

interface ConfigCase {
  readonly prefix?: Partial<MintConfigTxPrefix>;
  readonly governors?: SignerSet;
  readonly context?: Partial<MintValidationContext>;
  readonly signatures?: number;
}

function configure(bent: ConfigCase = {}): string[] {
  const bentPrefix = { ...configPrefix, ...bent.prefix };
  const tx = { prefix: bentPrefix, signature: sign(mintConfigTxPrefixHash(bentPrefix), bent.signatures) };
  return rejectionsOf(() =>
    validateMintConfigTx(tx, bent.governors ?? signers, { ...context, ...bent.context }),
  );
}

const code = (name: string): string[] => [`mint: ${name}`];
const TOO_FAR = 6n + MAX_TOMBSTONE_BLOCKS;

describe("a mint transaction", () => {
  test("is valid from block version 2, up to the limit", () => {
    for (const version of [V2, V3, V4]) expect(mint({ context: { blockVersion: version } })).toEqual([]);
    expect(mint({ prefix: { amount: 100n } })).toEqual([]);
    expect(mint({ prefix: { amount: 0n } })).toEqual([]);
    expect(mint({ signatures: 3 })).toEqual([]);
    expect(mint({ prefix: { tombstoneBlock: 5n + MAX_TOMBSTONE_BLOCKS } })).toEqual([]);
  });

  test("is refused by the first rule that does not hold", () => {
    // Each case also breaks every later rule.
    const all: MintCase[] = [
      { context: { blockVersion: V1 } },
      { prefix: { tokenId: 0n } },
      { prefix: { nonce: new Uint8Array(63) } },
      { prefix: { tombstoneBlock: 5n } },
      { config: { tokenId: 2n } },
      { prefix: { amount: 101n } },
      { signatures: 1 },
    ];
    const codes = [
      "InvalidBlockVersion",
      "InvalidTokenId",
      "InvalidNonceLength",
      "TombstoneBlockExceeded",
      "InvalidTokenId",
      "AmountExceedsMintLimit",
      "InvalidSignature",
    ];
    for (const [i, name] of codes.entries()) {
      const later = all.slice(i).reverse();
      expect(
        mint({
          prefix: Object.assign({}, ...later.map((bent) => bent.prefix)),
          config: Object.assign({}, ...later.map((bent) => bent.config)),
          context: Object.assign({}, ...later.map((bent) => bent.context)),
          signatures: 1,
        }),
      ).toEqual(code(name));
      expect(mint(all[i])).toEqual(code(name));
    }
  });

  test("is refused with a tombstone block too far ahead, where the current block is known", () => {
    expect(mint({ prefix: { tombstoneBlock: TOO_FAR } })).toEqual(code("TombstoneBlockTooFar"));
    expect(mint({ prefix: { tombstoneBlock: TOO_FAR }, context: { blockIndex: undefined } })).toEqual([]);
    expect(mint({ prefix: { tombstoneBlock: 0n }, context: { blockIndex: undefined } })).toEqual([]);
  });

  test("is refused at a block version that is not known", () => {
    expect(mint({ context: { blockVersion: 5 as BlockVersion } })).toEqual(code("InvalidBlockVersion"));
  });

  test("to a Fog address is refused before block version 3, after its signature is checked", () => {
    const toFog = { eFogHint: new Uint8Array(84) };
    expect(mint({ prefix: toFog })).toEqual([]);
    expect(mint({ prefix: toFog, context: { blockVersion: V2 } })).toEqual(code("MintingToFogNotSupported"));
    expect(mint({ prefix: toFog, context: { blockVersion: V2 }, signatures: 1 })).toEqual(
      code("InvalidSignature"),
    );
  });

  test("is refused where a key of small order would satisfy a permissive verifier", () => {
    // With the identity as key and R, and s = 0, the equation holds for every message.
    const identity = new Uint8Array(32);
    identity[0] = 1;
    const tx = { prefix, signature: [concat(identity, new Uint8Array(32))] };
    const anyone = {
      ...config,
      signerSet: { individualSigners: [identity], multiSigners: [], threshold: 1 },
    };
    expect(rejectionsOf(() => validateMintTx(tx, anyone, context))).toEqual(code("InvalidSignature"));
  });

  test("is refused under an invalid signer set", () => {
    expect(mint({ config: { signerSet: { ...signers, threshold: 0 } } })).toEqual(code("InvalidSignature"));
    expect(mint({ config: { signerSet: { ...signers, threshold: 4 } }, signatures: 3 })).toEqual(
      code("InvalidSignature"),
    );
  });
});

describe("a mint configuration transaction", () => {
  test("is valid from block version 2, whatever the limits, with no configuration too", () => {
    for (const version of [V2, V3, V4]) expect(configure({ context: { blockVersion: version } })).toEqual([]);
    expect(configure({ prefix: { configs: [] } })).toEqual([]);
    expect(configure({ prefix: { totalMintLimit: 0n } })).toEqual([]);
  });

  test("is refused by the first rule that does not hold", () => {
    const all: ConfigCase[] = [
      { context: { blockVersion: V1 } },
      { prefix: { tokenId: 0n, configs: [] } },
      { prefix: { configs: [config, { ...config, tokenId: 2n }] } },
      { prefix: { configs: [{ ...config, signerSet: { ...signers, threshold: 0 } }] } },
      { prefix: { nonce: new Uint8Array(65) } },
      { prefix: { tombstoneBlock: 5n } },
      { signatures: 1 },
    ];
    const codes = [
      "InvalidBlockVersion",
      "InvalidTokenId",
      "InvalidTokenId",
      "InvalidSignerSet",
      "InvalidNonceLength",
      "TombstoneBlockExceeded",
      "InvalidSignature",
    ];
    for (const [i, name] of codes.entries()) {
      const later = all.slice(i).reverse();
      expect(
        configure({
          prefix: Object.assign({}, ...later.map((bent) => bent.prefix)),
          context: Object.assign({}, ...later.map((bent) => bent.context)),
          signatures: 1,
        }),
      ).toEqual(code(name));
      expect(configure(all[i])).toEqual(code(name));
    }
  });

  test("is refused for a signer set that is invalid at any level", () => {
    const bad = (signerSet: SignerSet): string[] =>
      configure({ prefix: { configs: [config, { ...config, signerSet }] } });
    expect(bad({ individualSigners: [], multiSigners: [], threshold: 0 })).toEqual(code("InvalidSignerSet"));
    expect(bad({ individualSigners: [], multiSigners: [], threshold: 1 })).toEqual(code("InvalidSignerSet"));
    expect(bad({ ...signers, threshold: 4 })).toEqual(code("InvalidSignerSet"));
    expect(bad({ ...nested, multiSigners: [{ ...signers, threshold: 4 }] })).toEqual(
      code("InvalidSignerSet"),
    );
    // Duplicates count for validity, though nobody can satisfy such a set.
    expect(bad({ individualSigners: [KEYS[0]!, KEYS[0]!], multiSigners: [], threshold: 2 })).toEqual([]);
  });

  test("is refused with nested sets before block version 3, the governors' aside", () => {
    const bent = { prefix: { configs: [{ ...config, signerSet: nested }] } };
    expect(configure(bent)).toEqual([]);
    expect(configure({ ...bent, context: { blockVersion: V2 } })).toEqual(code("InvalidSignerSet"));
    expect(configure({ governors: nested, context: { blockVersion: V2 } })).toEqual([]);
  });

  test("is refused with a tombstone block too far ahead, where the current block is known", () => {
    expect(configure({ prefix: { tombstoneBlock: TOO_FAR } })).toEqual(code("TombstoneBlockTooFar"));
    expect(configure({ prefix: { tombstoneBlock: TOO_FAR }, context: { blockIndex: undefined } })).toEqual(
      [],
    );
  });
});

describe("digests of prefixes", () => {
  test("are those of 02 section 2.21", () => {
    expect(bytesToHex(mintTxPrefixHash(prefix))).toBe(
      "5ab3f4905ff85471d19b988c67244bbd0d5d78a4ae1216cbb3cfd7934842893c",
    );
  });

  test("cover every field", () => {
    const hashes = [
      mintTxPrefixHash(prefix),
      mintTxPrefixHash({ ...prefix, eFogHint: new Uint8Array(84) }),
      mintTxPrefixHash({ ...prefix, tokenId: 3n }),
      mintTxPrefixHash({ ...prefix, amount: 3n }),
      mintTxPrefixHash({ ...prefix, viewPublicKey: new Uint8Array(32) }),
      mintTxPrefixHash({ ...prefix, spendPublicKey: new Uint8Array(32) }),
      mintTxPrefixHash({ ...prefix, nonce: new Uint8Array(64) }),
      mintTxPrefixHash({ ...prefix, tombstoneBlock: 11n }),
      mintConfigTxPrefixHash(configPrefix),
      mintConfigTxPrefixHash({ ...configPrefix, configs: [] }),
      mintConfigTxPrefixHash({ ...configPrefix, tokenId: 3n }),
      mintConfigTxPrefixHash({ ...configPrefix, nonce: new Uint8Array(64) }),
      mintConfigTxPrefixHash({ ...configPrefix, tombstoneBlock: 11n }),
      mintConfigTxPrefixHash({ ...configPrefix, configs: [config] }),
      mintConfigTxPrefixHash({ ...configPrefix, configs: [{ ...config, mintLimit: 101n }] }),
      mintConfigTxPrefixHash({ ...configPrefix, configs: [{ ...config, tokenId: 2n }] }),
      mintConfigTxPrefixHash({ ...configPrefix, totalMintLimit: 2n }),
      mintConfigTxPrefixHash({ ...configPrefix, configs: [{ ...config, signerSet: nested }] }),
    ].map(bytesToHex);
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});

import {
  bytesToHex,
  ed25519PublicKey,
  ed25519VerifyStrict,
  encodeEd25519PublicDer,
  encodeEd25519SignatureDer,
  encodePem,
} from "@mobilecoin-ts/crypto";
import { Point, Scalar } from "@mobilecoin-ts/curve";
import {
  blockVersion,
  type MintTx,
  mintTxPrefixHash,
  validateMintConfigTx,
} from "@mobilecoin-ts/transaction";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConsensusError } from "../error.ts";
import { consensusValue } from "../messages/testing/arbitrary-message.ts";
import { parseMintConfigFile } from "./mint-config-file.ts";
import { defaultMintTombstone, mintConfigTxPrefix, mintTxPrefix } from "./mint-prefix.ts";
import {
  formatMintTransaction,
  type MintTransaction,
  mergeMintTransactions,
  mintTransactionHash,
  parseMintTransaction,
  parseSignature,
  signMintTransaction,
  withSignatures,
} from "./mint-transaction.ts";

const seed = (fill: number) => new Uint8Array(32).fill(fill);
const POINT = Point.multiplyBase(Scalar.fromBigInt(7n)).encode();
const request = {
  tokenId: 1n,
  amount: 5n,
  viewPublicKey: POINT,
  spendPublicKey: POINT,
  nonce: new Uint8Array(64),
};
const mint = (amount = 5n): MintTransaction & { readonly tx: MintTx } => ({
  kind: "mintTx",
  tx: { prefix: mintTxPrefix({ ...request, amount, tombstoneBlock: 9n }), signature: [] },
});
const refusal = (code: string) => expect.objectContaining({ name: "ConsensusError", code });

const anyMintTransaction = consensusValue.filter(
  (value): value is MintTransaction => value.kind !== "txHash",
);

describe("mint transaction files", () => {
  it("are read as they were written", () => {
    fc.assert(
      fc.property(anyMintTransaction, (any) => {
        expect(parseMintTransaction(formatMintTransaction(any))).toEqual(any);
      }),
    );
  });

  it("are tagged objects with bytes as arrays of numbers", () => {
    const file = JSON.parse(formatMintTransaction(mint()));
    expect(file).toEqual({
      MintTx: {
        prefix: {
          token_id: 1,
          amount: 5,
          view_public_key: [...POINT],
          spend_public_key: [...POINT],
          nonce: new Array(64).fill(0),
          tombstone_block: 9,
          e_fog_hint: null,
        },
        signature: { signatures: [] },
      },
    });
  });

  it("throw nothing but the package's error, whatever the text", () => {
    fc.assert(
      fc.property(anyMintTransaction, fc.nat(), fc.string({ maxLength: 3 }), (any, place, text) => {
        const file = formatMintTransaction(any);
        const at = place % file.length;
        try {
          parseMintTransaction(file.slice(0, at) + text + file.slice(at + 1));
        } catch (error) {
          expect(error).toBeInstanceOf(ConsensusError);
        }
      }),
    );
    expect(() => parseMintTransaction('{"TxHash": []}')).toThrow(refusal("InvalidField"));
  });
});

describe("signatures", () => {
  it("are over the prefix hash", () => {
    const signed = signMintTransaction(mint(), seed(1));
    expect(mintTransactionHash(signed)).toEqual(mintTxPrefixHash(mint().tx.prefix));
    expect(
      ed25519VerifyStrict(ed25519PublicKey(seed(1)), mintTransactionHash(signed), signed.tx.signature[0]!),
    ).toBe(true);
  });

  it("are sorted and stand once", () => {
    const [low, high] = [new Uint8Array(64).fill(1), new Uint8Array(64).fill(2)];
    expect(withSignatures(mint(), [high, low, high]).tx.signature).toEqual([low, high]);
    expect(withSignatures(withSignatures(mint(), [high]), [low, high]).tx.signature).toEqual([low, high]);
  });

  it("of several files come together", () => {
    const [one, two] = [signMintTransaction(mint(), seed(1)), signMintTransaction(mint(), seed(2))];
    const merged = mergeMintTransactions(one, two, one);
    expect(merged).toEqual(signMintTransaction(one, seed(2)));
    expect(mergeMintTransactions(two, one)).toEqual(merged);
  });

  it("of different transactions do not", () => {
    const [one, other] = [signMintTransaction(mint(), seed(1)), signMintTransaction(mint(6n), seed(2))];
    expect(() => mergeMintTransactions(one, other)).toThrow(refusal("DifferentTransactions"));
  });

  it("must be there", () => {
    expect(() => mergeMintTransactions(mint())).toThrow(refusal("MissingSignature"));
  });

  it("are read from hex and from PEM", () => {
    const signature = new Uint8Array(64).fill(0xab);
    expect(parseSignature(` ${bytesToHex(signature).toUpperCase()}\n`)).toEqual(signature);
    expect(parseSignature(encodePem("SIGNATURE", encodeEd25519SignatureDer(signature)))).toEqual(signature);
    for (const text of [
      "",
      "ab",
      "zz".repeat(64),
      encodePem("PUBLIC KEY", encodeEd25519SignatureDer(signature)),
    ]) {
      expect(() => parseSignature(text)).toThrow(refusal("InvalidField"));
    }
  });
});

describe("prefixes", () => {
  it("draw a nonce where none is given", () => {
    const { nonce: _, ...without } = request;
    const drawn = mintTxPrefix(
      { ...without, tombstoneBlock: 9n },
      { random: (length) => new Uint8Array(length).fill(3) },
    );
    expect(drawn.nonce).toEqual(new Uint8Array(64).fill(3));
    expect(mintTxPrefix({ ...without, tombstoneBlock: 9n }).nonce).toHaveLength(64);
    expect(() => mintTxPrefix({ ...request, nonce: new Uint8Array(63), tombstoneBlock: 9n })).toThrow(
      refusal("InvalidField"),
    );
  });

  it("take a tombstone block from the request, then from the caller; 0 is none", () => {
    const tombstone = (requested: bigint | undefined, fallback?: bigint) =>
      mintTxPrefix({ ...request, tombstoneBlock: requested }, { tombstoneBlock: fallback }).tombstoneBlock;
    expect([tombstone(9n, 8n), tombstone(0n, 8n), tombstone(undefined, 8n)]).toEqual([9n, 8n, 8n]);
    expect(() => tombstone(0n)).toThrow(refusal("MissingTombstone"));
    expect(() => tombstone(undefined, 0n)).toThrow(refusal("MissingTombstone"));
    expect(defaultMintTombstone(100n)).toBe(100n + 20160n - 1n);
  });
});

describe("mint configuration files", () => {
  const single = (fill: number) => ({
    type: "Single",
    pub_key: encodePem("PUBLIC KEY", encodeEd25519PublicDer(ed25519PublicKey(seed(fill)))),
  });
  const file = (overrides: object = {}) =>
    JSON.stringify({
      token_id: 1,
      configs: [
        { mint_limit: 100, minters: { type: "Identity", name: "Minter" } },
        { mint_limit: 7, minters: { type: "MultiSig", threshold: 2, signers: [single(2), single(3)] } },
      ],
      nonce: "ab".repeat(64),
      tombstone_block: 50,
      total_mint_limit: 107,
      signer_identities: { Minter: single(1) },
      ...overrides,
    });

  it("become transactions that governors sign", () => {
    const prefix = mintConfigTxPrefix(parseMintConfigFile(file()));
    expect(prefix).toEqual({
      tokenId: 1n,
      configs: [
        {
          tokenId: 1n,
          mintLimit: 100n,
          signerSet: { individualSigners: [ed25519PublicKey(seed(1))], multiSigners: [], threshold: 1 },
        },
        {
          tokenId: 1n,
          mintLimit: 7n,
          signerSet: {
            individualSigners: [2, 3].map((fill) => ed25519PublicKey(seed(fill))),
            multiSigners: [],
            threshold: 2,
          },
        },
      ],
      nonce: new Uint8Array(64).fill(0xab),
      tombstoneBlock: 50n,
      totalMintLimit: 107n,
    });
    const signed = signMintTransaction({ kind: "mintConfigTx", tx: { prefix, signature: [] } }, seed(9));
    if (signed.kind !== "mintConfigTx") throw new Error("the kind changed");
    const governors = { individualSigners: [ed25519PublicKey(seed(9))], multiSigners: [], threshold: 1 };
    expect(() =>
      validateMintConfigTx(signed.tx, governors, { blockVersion: blockVersion(3), blockIndex: 10n }),
    ).not.toThrow();
  });

  it("may leave out nonce, tombstone block and names", () => {
    const bare = JSON.stringify({ token_id: 1, configs: [], total_mint_limit: 0 });
    expect(parseMintConfigFile(bare)).toMatchObject({
      nonce: undefined,
      tombstoneBlock: undefined,
      configs: [],
    });
  });

  it.each<[string, object, string]>([
    ["a short nonce", { nonce: "ab" }, "InvalidField"],
    ["a limit that is a text", { total_mint_limit: "107" }, "InvalidField"],
    ["a name that is not defined", { signer_identities: {} }, "UnknownSignerIdentity"],
    [
      "names in a circle",
      { signer_identities: { Minter: { type: "Identity", name: "Minter" } } },
      "NestingTooDeep",
    ],
    [
      "minters that nobody can be",
      { configs: [{ mint_limit: 1, minters: { type: "MultiSig", threshold: 1, signers: [] } }] },
      "SignerSetValidationFailed",
    ],
  ])("are refused with %s", (_, overrides, code) => {
    expect(() => parseMintConfigFile(file(overrides))).toThrow(refusal(code));
  });
});

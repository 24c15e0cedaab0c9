import {
  bytesToHex,
  ed25519PublicKey,
  ed25519Sign,
  ed25519VerifyStrict,
  hexToBytes,
  type SignerSet,
  verifyMultiSig,
} from "@mobilecoin-ts/crypto";
import {
  governorsMapDigest,
  mintConfigTxCodec,
  mintConfigTxPrefixHash,
  mintTxCodec,
  mintTxPrefixHash,
} from "@mobilecoin-ts/transaction";
import { expect, test } from "vitest";
import { describeVectors, loadVectors } from "./vectors.ts";

interface SignerSetRow {
  readonly signers: readonly string[];
  readonly multi_signers?: readonly SignerSetRow[];
  readonly threshold: number;
}

function signerSetOf(row: SignerSetRow): SignerSet {
  return {
    individualSigners: row.signers.map(hexToBytes),
    multiSigners: (row.multi_signers ?? []).map(signerSetOf),
    threshold: row.threshold,
  };
}

interface GovernorsRow {
  readonly name: string;
  readonly signing_seed: string;
  readonly public_key: string;
  readonly governors: readonly { readonly token_id: string; readonly signer_set: SignerSetRow }[];
  readonly digest: string;
  readonly signature: string;
  readonly valid: boolean;
}

describeVectors("minting: governors signatures", () => {
  test.each(loadVectors<GovernorsRow>("minting/governors_signatures.jsonl"))("$name", (row) => {
    const governors = new Map(
      row.governors.map(({ token_id, signer_set }) => [BigInt(token_id), signerSetOf(signer_set)] as const),
    );
    const digest = governorsMapDigest(governors);
    expect(bytesToHex(digest)).toBe(row.digest);
    expect(bytesToHex(ed25519PublicKey(hexToBytes(row.signing_seed)))).toBe(row.public_key);
    expect(ed25519VerifyStrict(hexToBytes(row.public_key), digest, hexToBytes(row.signature))).toBe(
      row.valid,
    );
    expect(bytesToHex(ed25519Sign(hexToBytes(row.signing_seed), digest)) === row.signature).toBe(row.valid);
  });
});

interface MintTxRow {
  readonly name: string;
  readonly mint_tx: string;
  readonly token_id: string;
  readonly amount: string;
  readonly view_public_key: string;
  readonly spend_public_key: string;
  readonly nonce: string;
  readonly tombstone_block: string;
  readonly prefix_hash: string;
  readonly signatures: readonly string[];
  readonly signer_set: SignerSetRow;
  readonly valid: boolean;
}

describeVectors("minting: mint transactions", () => {
  test.each(loadVectors<MintTxRow>("minting/mint_tx.jsonl"))("$name", (row) => {
    const tx = mintTxCodec.decode(hexToBytes(row.mint_tx));
    expect(bytesToHex(mintTxCodec.encode(tx))).toBe(row.mint_tx);
    expect(tx.prefix).toEqual({
      tokenId: BigInt(row.token_id),
      amount: BigInt(row.amount),
      viewPublicKey: hexToBytes(row.view_public_key),
      spendPublicKey: hexToBytes(row.spend_public_key),
      nonce: hexToBytes(row.nonce),
      tombstoneBlock: BigInt(row.tombstone_block),
      eFogHint: undefined,
    });
    // A row may take some of the transaction's signatures away.
    expect(tx.signature.map(bytesToHex)).toEqual(expect.arrayContaining([...row.signatures]));
    const digest = mintTxPrefixHash(tx.prefix);
    expect(bytesToHex(digest)).toBe(row.prefix_hash);
    const matched = verifyMultiSig(signerSetOf(row.signer_set), digest, row.signatures.map(hexToBytes));
    expect(matched !== undefined).toBe(row.valid);
  });
});

/** 02 section 5.1: the digest of the main-network configuration with its configs emptied. */
const CONFIGS_EMPTIED = "0952394151590199a98cebdf5ca7532ba34516157fc3c12623584dcc26a671bb";

interface MintConfigTxRow {
  readonly name: string;
  readonly mint_config_tx: string;
  readonly token_id: string;
  readonly configs: readonly {
    readonly token_id: string;
    readonly signer_set: SignerSetRow;
    readonly mint_limit: string;
  }[];
  readonly nonce: string;
  readonly tombstone_block: string;
  readonly total_mint_limit: string;
  readonly prefix_hash: string;
  readonly signatures: readonly string[];
}

describeVectors("minting: mint configuration transactions", () => {
  test.each(loadVectors<MintConfigTxRow>("minting/mint_config_tx.jsonl"))("$name", (row) => {
    const tx = mintConfigTxCodec.decode(hexToBytes(row.mint_config_tx));
    expect(bytesToHex(mintConfigTxCodec.encode(tx))).toBe(row.mint_config_tx);
    expect(tx.prefix).toEqual({
      tokenId: BigInt(row.token_id),
      configs: row.configs.map((config) => ({
        tokenId: BigInt(config.token_id),
        signerSet: signerSetOf(config.signer_set),
        mintLimit: BigInt(config.mint_limit),
      })),
      nonce: hexToBytes(row.nonce),
      tombstoneBlock: BigInt(row.tombstone_block),
      totalMintLimit: BigInt(row.total_mint_limit),
    });
    expect(tx.signature.map(bytesToHex)).toEqual(row.signatures);
    expect(bytesToHex(mintConfigTxPrefixHash(tx.prefix))).toBe(row.prefix_hash);
  });

  test("the main-network configuration without its configs", () => {
    const digests = loadVectors<MintConfigTxRow>("minting/mint_config_tx.jsonl").map((row) => {
      const { prefix } = mintConfigTxCodec.decode(hexToBytes(row.mint_config_tx));
      return bytesToHex(mintConfigTxPrefixHash({ ...prefix, configs: [] }));
    });
    expect(digests).toContain(CONFIGS_EMPTIED);
  });
});

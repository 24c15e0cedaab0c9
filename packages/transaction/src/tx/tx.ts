import { type Digestible, d, digest32 } from "@mobilecoin-ts/crypto";
import { type Codec, f, message } from "@mobilecoin-ts/wire";
import { type RingMLSAG, ringMLSAGDigestible } from "../proofs/ring-mlsag.ts";
import { ringMLSAGCodec } from "../proofs/ring-mlsag-codec.ts";
import { compressedRistrettoCodec } from "../tx-out/key-codecs.ts";
import { type TxOut, txOutCodec, txOutDigestible } from "../tx-out/tx-out.ts";
import { type InputRules, inputRulesCodec, inputRulesDigestible } from "./input-rules.ts";
import {
  membershipProofCodec,
  membershipProofDigestible,
  type TxOutMembershipProof,
} from "./membership-proof.ts";

/** An input: one of the ring's outputs is spent, nobody sees which (02 section 2.9). */
export interface TxIn {
  /** Strictly ascending by public key; 11 in a valid transaction. */
  readonly ring: readonly TxOut[];
  /** A proof for each ring member, in the same order. */
  readonly proofs: readonly TxOutMembershipProof[];
  /** Present, even with every rule at its default, only where the input was signed beforehand under them. */
  readonly inputRules: InputRules | undefined;
}

/** What a transaction does, without what proves it. */
export interface TxPrefix {
  readonly inputs: readonly TxIn[];
  readonly outputs: readonly TxOut[];
  /** In smallest units of the fee token. */
  readonly fee: bigint;
  readonly feeTokenId: bigint;
  /** Block index from which on the transaction is invalid. */
  readonly tombstoneBlock: bigint;
}

/** What proves a transaction. Which of the fields are in use depends on the block version (02 section 2.9). */
export interface SignatureRctBulletproofs {
  /** One an input. */
  readonly ringSignatures: readonly RingMLSAG[];
  /** One an input, 32 bytes compressed, to the amount of the real ring member. */
  readonly pseudoOutputCommitments: readonly Uint8Array[];
  /** The single range proof of block versions 0 to 2; empty from 3 on. */
  readonly rangeProofBytes: Uint8Array;
  /** From block version 3 on a range proof a token, by ascending token id; empty before. */
  readonly rangeProofs: readonly Uint8Array[];
  /** From block version 3 on the token id of each pseudo-output; empty before. */
  readonly pseudoOutputTokenIds: readonly bigint[];
  /** From block version 3 on the token id of each output; empty before. */
  readonly outputTokenIds: readonly bigint[];
}

export interface Tx {
  readonly prefix: TxPrefix;
  readonly signature: SignatureRctBulletproofs;
  /** 32 bytes: the fees the sender believed in; empty where the node shall not compare. */
  readonly feeMapDigest: Uint8Array;
}

const txInDigestible: Digestible<TxIn> = d.struct<TxIn>("TxIn", [
  ["ring", d.list(txOutDigestible)],
  ["proofs", d.list(membershipProofDigestible)],
  ["input_rules", d.option(inputRulesDigestible)],
]);

const txPrefixDigestible: Digestible<TxPrefix> = d.struct<TxPrefix>("TxPrefix", [
  ["inputs", d.list(txInDigestible)],
  ["outputs", d.list(txOutDigestible)],
  ["fee", d.u64],
  ["tombstone_block", d.u64],
  // The field came with token ids; leaving 0 out kept older transactions' hashes.
  ["fee_token_id", d.u64, { omitWhen: 0n }],
]);

const signatureDigestible: Digestible<SignatureRctBulletproofs> = d.struct<SignatureRctBulletproofs>(
  "SignatureRctBulletproofs",
  [
    ["ring_signatures", d.list(ringMLSAGDigestible)],
    ["pseudo_output_commitments", d.list(d.ristretto)],
    ["range_proof_bytes", d.bytes, { neverOmit: true }],
    ["range_proofs", d.list(d.bytes)],
    ["pseudo_output_token_ids", d.list(d.u64)],
    ["output_token_ids", d.list(d.u64)],
  ],
);

export const txDigestible: Digestible<Tx> = d.struct<Tx>("Tx", [
  ["prefix", txPrefixDigestible],
  ["signature", signatureDigestible],
  ["fee_map_digest", d.bytes],
]);

export const txInCodec: Codec<TxIn> = message<TxIn>("TxIn", {
  ring: f.repeated(1, txOutCodec),
  proofs: f.repeated(2, membershipProofCodec),
  inputRules: f.message(3, inputRulesCodec, { optional: true }),
});

export const txPrefixCodec: Codec<TxPrefix> = message<TxPrefix>("TxPrefix", {
  inputs: f.repeated(1, txInCodec),
  outputs: f.repeated(2, txOutCodec),
  fee: f.uint64(3),
  tombstoneBlock: f.uint64(4),
  feeTokenId: f.fixed64(5),
});

const signatureCodec: Codec<SignatureRctBulletproofs> = message<SignatureRctBulletproofs>(
  "SignatureRctBulletproofs",
  {
    ringSignatures: f.repeated(1, ringMLSAGCodec),
    pseudoOutputCommitments: f.repeated(2, compressedRistrettoCodec),
    rangeProofBytes: f.bytes(3),
    rangeProofs: f.repeatedBytes(4),
    pseudoOutputTokenIds: f.packedFixed64(5),
    outputTokenIds: f.packedFixed64(6),
  },
);

/** The ledger form of a transaction, as enclaves and wallets exchange it. */
export const txCodec: Codec<Tx> = message<Tx>("Tx", {
  prefix: f.message(1, txPrefixCodec),
  signature: f.message(2, signatureCodec),
  feeMapDigest: f.bytes(3),
});

/** The 32-byte hash that names a transaction. */
export function txHash(tx: Tx): Uint8Array {
  return digest32("mobilecoin-tx", txDigestible, tx);
}

/** The 32-byte hash of a prefix: the "message" of a transaction's signatures. */
export function txPrefixHash(prefix: TxPrefix): Uint8Array {
  return digest32("mobilecoin-tx-prefix", txPrefixDigestible, prefix);
}

/**
 * What the ring of an input with rules signs instead of the transaction: the input without its proofs, which are made
 * anew when it is used. Undefined for an input without rules (02 section 2.9.1).
 */
export function txInSignedDigest(txIn: TxIn): Uint8Array | undefined {
  return txIn.inputRules === undefined
    ? undefined
    : digest32("mc-input-rules-digest", txInDigestible, { ...txIn, proofs: [] });
}

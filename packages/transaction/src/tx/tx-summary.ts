import { bytesToHex, compareBytes, type Digestible, d } from "@mobilecoin-ts/crypto";
import { type Codec, f, message } from "@mobilecoin-ts/wire";
import { compressedRistrettoCodec } from "../tx-out/key-codecs.ts";
import { type MaskedAmount, maskedAmountDigestible, maskedAmountOneof } from "../tx-out/masked-amount.ts";
import type { TxOut } from "../tx-out/tx-out.ts";
import { inputRulesDigest } from "./input-rules.ts";
import type { TxPrefix } from "./tx.ts";

/** An output as a signing device sees it (MCIP 52). */
export interface TxOutSummary {
  readonly maskedAmount: MaskedAmount | undefined;
  /** 32 bytes compressed. */
  readonly targetKey: Uint8Array;
  /** 32 bytes compressed. */
  readonly publicKey: Uint8Array;
  /** Whether an input's rules demand this output, so that the signer need not know whom it pays. */
  readonly associatedToInputRules: boolean;
}

/** An input as a signing device sees it. */
export interface TxInSummary {
  /** 32 bytes compressed. */
  readonly pseudoOutputCommitment: Uint8Array;
  /** 32 bytes; empty for an input without rules. */
  readonly inputRulesDigest: Uint8Array;
}

/** A transaction without rings, proofs and memos: small enough for a device to check before it signs. */
export interface TxSummary {
  readonly outputs: readonly TxOutSummary[];
  readonly inputs: readonly TxInSummary[];
  readonly fee: bigint;
  readonly feeTokenId: bigint;
  readonly tombstoneBlock: bigint;
}

export const txOutSummaryDigestible: Digestible<TxOutSummary> = d.struct<TxOutSummary>("TxOutSummary", [
  ["masked_amount", d.option(maskedAmountDigestible)],
  ["target_key", d.ristretto],
  ["public_key", d.ristretto],
  ["associated_to_input_rules", d.bool],
]);

export const txInSummaryDigestible: Digestible<TxInSummary> = d.struct<TxInSummary>("TxInSummary", [
  ["pseudo_output_commitment", d.ristretto],
  ["input_rules_digest", d.bytes],
]);

export const txSummaryDigestible: Digestible<TxSummary> = d.struct<TxSummary>("TxSummary", [
  ["outputs", d.list(txOutSummaryDigestible)],
  ["inputs", d.list(txInSummaryDigestible)],
  ["fee", d.u64],
  ["fee_token_id", d.u64],
  ["tombstone_block", d.u64],
]);

const txOutSummaryCodec: Codec<TxOutSummary> = message<TxOutSummary>("TxOutSummary", {
  maskedAmount: maskedAmountOneof(1, 6),
  targetKey: f.message(2, compressedRistrettoCodec),
  publicKey: f.message(3, compressedRistrettoCodec),
  associatedToInputRules: f.bool(4),
});

const txInSummaryCodec: Codec<TxInSummary> = message<TxInSummary>("TxInSummary", {
  pseudoOutputCommitment: f.message(1, compressedRistrettoCodec),
  inputRulesDigest: f.bytes(2),
});

export const txSummaryCodec: Codec<TxSummary> = message<TxSummary>("TxSummary", {
  outputs: f.repeated(1, txOutSummaryCodec),
  inputs: f.repeated(2, txInSummaryCodec),
  fee: f.uint64(3),
  feeTokenId: f.uint64(4),
  tombstoneBlock: f.uint64(5),
});

/** The summary of a transaction with these pseudo-output commitments, one an input (02 section 2.10). */
export function summarizeTx(prefix: TxPrefix, pseudoOutputCommitments: readonly Uint8Array[]): TxSummary {
  const ruled = outputsOfRules(prefix);
  return {
    outputs: prefix.outputs.map(({ maskedAmount, targetKey, publicKey }) => {
      const associated = ruled.get(bytesToHex(publicKey));
      return {
        maskedAmount,
        targetKey,
        publicKey,
        associatedToInputRules:
          associated !== undefined && compareBytes(associated.targetKey, targetKey) === 0,
      };
    }),
    inputs: prefix.inputs.map(({ inputRules }, i) => ({
      pseudoOutputCommitment: pseudoOutputCommitments[i]!,
      inputRulesDigest: inputRules === undefined ? new Uint8Array(0) : inputRulesDigest(inputRules),
    })),
    fee: prefix.fee,
    feeTokenId: prefix.feeTokenId,
    tombstoneBlock: prefix.tombstoneBlock,
  };
}

/** Outputs that rules of any input name, by public key; of several with one key the last counts, as in the reference. */
function outputsOfRules(prefix: TxPrefix): Map<string, TxOut> {
  const ruled = new Map<string, TxOut>();
  for (const { inputRules } of prefix.inputs) {
    if (inputRules === undefined) continue;
    const { requiredOutputs, partialFillOutputs, partialFillChange } = inputRules;
    const partial =
      partialFillChange === undefined ? partialFillOutputs : [...partialFillOutputs, partialFillChange];
    for (const txOut of [...requiredOutputs, ...partial.map((revealed) => revealed.txOut)]) {
      ruled.set(bytesToHex(txOut.publicKey), txOut);
    }
  }
  return ruled;
}

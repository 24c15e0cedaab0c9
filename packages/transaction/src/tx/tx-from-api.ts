import { Scalar } from "@mobilecoin-ts/curve";
import type * as Api from "@mobilecoin-ts/wire/gen/external_pb";
import type { RingMLSAG } from "../proofs/ring-mlsag.ts";
import type { MaskedAmount } from "../tx-out/masked-amount.ts";
import { ENCRYPTED_FOG_HINT_LENGTH, ENCRYPTED_MEMO_LENGTH, type TxOut } from "../tx-out/tx-out.ts";
import { type ApiBytes, apiArray, apiOptional, apiPublicKey, apiWrapped, refuseApi } from "./api-fields.ts";
import type { InputRules, RevealedTxOut } from "./input-rules.ts";
import {
  MEMBERSHIP_HASH_LENGTH,
  type TxOutMembershipElement,
  type TxOutMembershipProof,
} from "./membership-proof.ts";
import type { SignatureRctBulletproofs, Tx, TxIn, TxPrefix } from "./tx.ts";

/**
 * API messages become records under stricter rules than the ledger form (02 section 2.22): what a service receives must
 * be complete, of the right lengths, and hold points where keys belong. Fields that are absent and have a default of
 * their own (numbers, lists, the prefix) keep it.
 *
 * To send a record, decode its ledger form with the generated schema: the bytes are those of the API message too.
 */

const NO_BYTES = new Uint8Array(0);

const each = <A, B>(list: readonly A[], field: string, convert: (element: A, field: string) => B): B[] =>
  list.map((element, i) => convert(element, `${field}[${i}]`));

/** As accepted in a ring signature: of any value, and then reduced. */
function scalar(message: ApiBytes | undefined, field: string): Uint8Array {
  return Scalar.fromBytesModOrder(apiWrapped(message, 32, field)).toBytes();
}

/**
 * @throws TransactionError area `conversion`: `ObjectMissing` (no amount), `ArrayCastError` (a length), `KeyCastError`
 * (a key that is no point; commitments are not looked at).
 */
export function txOutFromApi(message: Api.TxOut, field = "tx_out"): TxOut {
  return {
    maskedAmount: maskedAmount(message.maskedAmount, field),
    targetKey: apiPublicKey(message.targetKey, `${field}.target_key`),
    publicKey: apiPublicKey(message.publicKey, `${field}.public_key`),
    eFogHint: apiWrapped(message.eFogHint, ENCRYPTED_FOG_HINT_LENGTH, `${field}.e_fog_hint`),
    eMemo: apiOptional(message.eMemo, ENCRYPTED_MEMO_LENGTH, `${field}.e_memo`),
  };
}

function maskedAmount(amount: Api.TxOut["maskedAmount"], field: string): MaskedAmount {
  if (amount.case === undefined) throw refuseApi("ObjectMissing", `${field}.masked_amount`, "is missing");
  const version = amount.case === "maskedAmountV1" ? 1 : 2;
  const { commitment, maskedValue, maskedTokenId } = amount.value;
  return {
    version,
    commitment: apiWrapped(commitment, 32, `${field}.masked_amount.commitment`),
    maskedValue,
    // Its length is a matter of validation.
    maskedTokenId,
  };
}

/** @throws TransactionError area `conversion`: `Other` (a range that ends before it starts), `ArrayCastError`. */
export function membershipProofFromApi(
  message: Api.TxOutMembershipProof,
  field = "proof",
): TxOutMembershipProof {
  return {
    index: message.index,
    highestIndex: message.highestIndex,
    elements: each(message.elements, `${field}.elements`, membershipElementFromApi),
  };
}

/** @throws TransactionError area `conversion`: `Other` (a range that ends before it starts), `ArrayCastError`. */
export function membershipElementFromApi(
  message: Api.TxOutMembershipElement,
  field = "element",
): TxOutMembershipElement {
  const { from, to } = message.range ?? { from: 0n, to: 0n };
  if (from > to) throw refuseApi("Other", `${field}.range`, "ends before it starts");
  return { range: { from, to }, hash: apiWrapped(message.hash, MEMBERSHIP_HASH_LENGTH, `${field}.hash`) };
}

function revealedTxOut(message: Api.RevealedTxOut, field: string): RevealedTxOut {
  if (message.txOut === undefined) throw refuseApi("ObjectMissing", `${field}.tx_out`, "is missing");
  return {
    txOut: txOutFromApi(message.txOut, `${field}.tx_out`),
    amountSharedSecret: apiArray(message.amountSharedSecret, 32, `${field}.amount_shared_secret`),
  };
}

function inputRules(message: Api.InputRules, field: string): InputRules {
  const { partialFillChange } = message;
  return {
    requiredOutputs: each(message.requiredOutputs, `${field}.required_outputs`, txOutFromApi),
    maxTombstoneBlock: message.maxTombstoneBlock,
    partialFillOutputs: each(message.partialFillOutputs, `${field}.partial_fill_outputs`, revealedTxOut),
    partialFillChange: partialFillChange && revealedTxOut(partialFillChange, `${field}.partial_fill_change`),
    minPartialFillValue: message.minPartialFillValue,
  };
}

/** @throws TransactionError area `conversion`, as its outputs, proofs and rules. */
export function txInFromApi(message: Api.TxIn, field = "tx_in"): TxIn {
  return {
    ring: each(message.ring, `${field}.ring`, txOutFromApi),
    proofs: each(message.proofs, `${field}.proofs`, membershipProofFromApi),
    inputRules: message.inputRules && inputRules(message.inputRules, `${field}.input_rules`),
  };
}

/** @throws TransactionError area `conversion`, as its inputs and outputs. */
export function txPrefixFromApi(message: Api.TxPrefix | undefined, field = "prefix"): TxPrefix {
  return {
    inputs: each(message?.inputs ?? [], `${field}.inputs`, txInFromApi),
    outputs: each(message?.outputs ?? [], `${field}.outputs`, txOutFromApi),
    fee: message?.fee ?? 0n,
    feeTokenId: message?.feeTokenId ?? 0n,
    tombstoneBlock: message?.tombstoneBlock ?? 0n,
  };
}

/** @throws TransactionError area `conversion`: `ArrayCastError`. */
export function ringMLSAGFromApi(message: Api.RingMLSAG, field = "mlsag"): RingMLSAG {
  return {
    cZero: scalar(message.cZero, `${field}.c_zero`),
    responses: each(message.responses, `${field}.responses`, scalar),
    keyImage: apiWrapped(message.keyImage, 32, `${field}.key_image`),
  };
}

function signature(
  message: Api.SignatureRctBulletproofs | undefined,
  field: string,
): SignatureRctBulletproofs {
  return {
    ringSignatures: each(message?.ringSignatures ?? [], `${field}.ring_signatures`, ringMLSAGFromApi),
    pseudoOutputCommitments: each(
      message?.pseudoOutputCommitments ?? [],
      `${field}.pseudo_output_commitments`,
      (commitment, at) => apiWrapped(commitment, 32, at),
    ),
    rangeProofBytes: message?.rangeProofBytes ?? NO_BYTES,
    rangeProofs: message?.rangeProofs ?? [],
    pseudoOutputTokenIds: message?.pseudoOutputTokenIds ?? [],
    outputTokenIds: message?.outputTokenIds ?? [],
  };
}

/**
 * @throws TransactionError area `conversion`: `ObjectMissing`, `ArrayCastError`, `KeyCastError`, `Other`; `data.field`
 * is the path of the first field refused.
 */
export function txFromApi(message: Api.Tx): Tx {
  return {
    prefix: txPrefixFromApi(message.prefix),
    signature: signature(message.signature, "signature"),
    feeMapDigest: message.feeMapDigest,
  };
}

import type { PublicAddress } from "@mobilecoin-ts/account";
import { Scalar } from "@mobilecoin-ts/curve";
import type { RingMLSAG } from "../proofs/ring-mlsag.ts";
import type {
  InputRing,
  InputSecret,
  OnetimeKeyDeriveData,
  OutputSecret,
  PresignedInputRing,
  SignableInputRing,
} from "../tx/input-ring.ts";
import type { InputRules, RevealedTxOut } from "../tx/input-rules.ts";
import type { TxOutMembershipElement, TxOutMembershipProof } from "../tx/membership-proof.ts";
import type { ReducedTxOut } from "../tx/reduced-tx-out.ts";
import type { SignatureRctBulletproofs, Tx, TxIn, TxPrefix } from "../tx/tx.ts";
import type { Amount, UnmaskedAmount } from "../tx-out/amount.ts";
import type { MaskedAmount } from "../tx-out/masked-amount.ts";
import { ENCRYPTED_FOG_HINT_LENGTH, ENCRYPTED_MEMO_LENGTH, type TxOut } from "../tx-out/tx-out.ts";
import {
  bytesJson,
  type JsonShape,
  type JsonVariant,
  listJson,
  mappedJson,
  nullableJson,
  objectJson,
  scalarJson,
  textJson,
  u32Json,
  u64Json,
  variantJson,
  wrappedJson,
} from "./json-shape.ts";
import type { TxOutSummaryUnblindingData } from "./unblinding-data.ts";

/**
 * Transactions as the offline signer's JSON has them (02 section 2.20): bytes as lists of numbers, some of them inside
 * an object with one field, scalars canonical.
 */

/** One kind of a union, whose JSON is that of its content. */
function variant<T extends { readonly kind: string }, Kind extends T["kind"], Content>(
  name: string,
  kind: Kind,
  content: JsonShape<Content>,
  wrap: (content: Content) => T,
  unwrap: (value: Extract<T, { readonly kind: Kind }>) => Content,
): JsonVariant<T> {
  const holds = (value: T): value is Extract<T, { readonly kind: Kind }> => value.kind === kind;
  return {
    name,
    holds,
    shape: mappedJson<Content, T>(content, wrap, (value) => {
      if (!holds(value)) throw new TypeError(`value is no ${name}`);
      return unwrap(value);
    }),
  };
}

const keyJson = bytesJson(32);
const pointJson = wrappedJson("point", keyJson);
const curveScalarJson = wrappedJson("scalar", scalarJson);
/** A scalar of a signature: canonical too, kept as bytes. */
const curveScalarBytesJson = mappedJson(
  curveScalarJson,
  (scalar) => scalar.toBytes(),
  (bytes) => Scalar.fromBytesModOrder(bytes),
);

const amountJson: JsonShape<Amount> = objectJson<Amount>({
  value: ["value", u64Json],
  tokenId: ["token_id", u64Json],
});

const unmaskedAmountJson: JsonShape<UnmaskedAmount> = objectJson<UnmaskedAmount>({
  value: ["value", u64Json],
  tokenId: ["token_id", u64Json],
  blinding: ["blinding", curveScalarJson],
});

function maskedAmountJson(version: 1 | 2): JsonShape<MaskedAmount> {
  const fields = objectJson<Omit<MaskedAmount, "version">>({
    commitment: ["commitment", pointJson],
    maskedValue: ["masked_value", u64Json],
    maskedTokenId: ["masked_token_id", bytesJson()],
  });
  return mappedJson<Omit<MaskedAmount, "version">, MaskedAmount>(
    fields,
    (masked) => ({ version, ...masked }),
    (masked) => masked,
  );
}

const txOutJson: JsonShape<TxOut> = objectJson<TxOut>({
  maskedAmount: [
    "masked_amount",
    nullableJson(
      variantJson<MaskedAmount>([
        { name: "V1", shape: maskedAmountJson(1), holds: ({ version }) => version === 1 },
        { name: "V2", shape: maskedAmountJson(2), holds: ({ version }) => version === 2 },
      ]),
    ),
  ],
  targetKey: ["target_key", keyJson],
  publicKey: ["public_key", keyJson],
  eFogHint: ["e_fog_hint", wrappedJson("bytes", bytesJson(ENCRYPTED_FOG_HINT_LENGTH))],
  eMemo: ["e_memo", nullableJson(bytesJson(ENCRYPTED_MEMO_LENGTH))],
});

const membershipElementJson: JsonShape<TxOutMembershipElement> = objectJson<TxOutMembershipElement>({
  range: [
    "range",
    objectJson<TxOutMembershipElement["range"]>({ from: ["from", u64Json], to: ["to", u64Json] }),
  ],
  hash: ["hash", keyJson],
});

const membershipProofJson: JsonShape<TxOutMembershipProof> = objectJson<TxOutMembershipProof>({
  index: ["index", u64Json],
  highestIndex: ["highest_index", u64Json],
  elements: ["elements", listJson(membershipElementJson)],
});

const revealedTxOutJson: JsonShape<RevealedTxOut> = objectJson<RevealedTxOut>({
  txOut: ["tx_out", txOutJson],
  amountSharedSecret: ["amount_shared_secret", bytesJson()],
});

const inputRulesJson: JsonShape<InputRules> = objectJson<InputRules>({
  requiredOutputs: ["required_outputs", listJson(txOutJson)],
  maxTombstoneBlock: ["max_tombstone_block", u64Json],
  partialFillOutputs: ["partial_fill_outputs", listJson(revealedTxOutJson)],
  partialFillChange: ["partial_fill_change", nullableJson(revealedTxOutJson)],
  minPartialFillValue: ["min_partial_fill_value", u64Json],
});

const txInJson: JsonShape<TxIn> = objectJson<TxIn>({
  ring: ["ring", listJson(txOutJson)],
  proofs: ["proofs", listJson(membershipProofJson)],
  inputRules: ["input_rules", nullableJson(inputRulesJson)],
});

export const txPrefixJson: JsonShape<TxPrefix> = objectJson<TxPrefix>({
  inputs: ["inputs", listJson(txInJson)],
  outputs: ["outputs", listJson(txOutJson)],
  fee: ["fee", u64Json],
  tombstoneBlock: ["tombstone_block", u64Json],
  feeTokenId: ["fee_token_id", u64Json],
});

const ringMLSAGJson: JsonShape<RingMLSAG> = objectJson<RingMLSAG>({
  cZero: ["c_zero", curveScalarBytesJson],
  responses: ["responses", listJson(curveScalarBytesJson)],
  keyImage: ["key_image", pointJson],
});

const signatureJson: JsonShape<SignatureRctBulletproofs> = objectJson<SignatureRctBulletproofs>({
  ringSignatures: ["ring_signatures", listJson(ringMLSAGJson)],
  pseudoOutputCommitments: ["pseudo_output_commitments", listJson(pointJson)],
  rangeProofBytes: ["range_proof_bytes", bytesJson()],
  rangeProofs: ["range_proofs", listJson(bytesJson())],
  pseudoOutputTokenIds: ["pseudo_output_token_ids", listJson(u64Json)],
  outputTokenIds: ["output_token_ids", listJson(u64Json)],
});

export const txJson: JsonShape<Tx> = objectJson<Tx>({
  prefix: ["prefix", txPrefixJson],
  signature: ["signature", signatureJson],
  feeMapDigest: ["fee_map_digest", bytesJson()],
});

const reducedTxOutJson: JsonShape<ReducedTxOut> = objectJson<ReducedTxOut>({
  publicKey: ["public_key", keyJson],
  targetKey: ["target_key", keyJson],
  commitment: ["commitment", pointJson],
});

const onetimeKeyDeriveDataJson: JsonShape<OnetimeKeyDeriveData> = variantJson<OnetimeKeyDeriveData>([
  variant<OnetimeKeyDeriveData, "subaddressIndex", bigint>(
    "SubaddressIndex",
    "subaddressIndex",
    u64Json,
    (index) => ({ kind: "subaddressIndex", index }),
    ({ index }) => index,
  ),
  variant<OnetimeKeyDeriveData, "onetimeKey", Scalar>(
    "OneTimeKey",
    "onetimeKey",
    scalarJson,
    (privateKey) => ({ kind: "onetimeKey", privateKey }),
    ({ privateKey }) => privateKey,
  ),
]);

const inputSecretJson: JsonShape<InputSecret> = objectJson<InputSecret>({
  onetimeKeyDeriveData: ["onetime_key_derive_data", onetimeKeyDeriveDataJson],
  amount: ["amount", amountJson],
  blinding: ["blinding", scalarJson],
});

const signableRingJson: JsonShape<SignableInputRing> = objectJson<SignableInputRing>({
  members: ["members", listJson(reducedTxOutJson)],
  realInputIndex: ["real_input_index", u32Json],
  inputSecret: ["input_secret", inputSecretJson],
});

export const outputSecretJson: JsonShape<OutputSecret> = objectJson<OutputSecret>({
  amount: ["amount", amountJson],
  blinding: ["blinding", scalarJson],
});

const presignedRingJson: JsonShape<PresignedInputRing> = objectJson<PresignedInputRing>({
  mlsag: ["mlsag", ringMLSAGJson],
  pseudoOutputSecret: ["pseudo_output_secret", outputSecretJson],
});

export const inputRingJson: JsonShape<InputRing> = variantJson<InputRing>([
  variant<InputRing, "signable", SignableInputRing>(
    "Signable",
    "signable",
    signableRingJson,
    (ring) => ({ kind: "signable", ring }),
    ({ ring }) => ring,
  ),
  variant<InputRing, "presigned", PresignedInputRing>(
    "Presigned",
    "presigned",
    presignedRingJson,
    (ring) => ({ kind: "presigned", ring }),
    ({ ring }) => ring,
  ),
]);

const publicAddressJson: JsonShape<PublicAddress> = objectJson<PublicAddress>({
  viewPublicKey: ["view_public_key", keyJson],
  spendPublicKey: ["spend_public_key", keyJson],
  fogReportUrl: ["fog_report_url", textJson],
  fogReportId: ["fog_report_id", textJson],
  fogAuthoritySig: ["fog_authority_sig", bytesJson()],
});

export const unblindingDataJson: JsonShape<TxOutSummaryUnblindingData> =
  objectJson<TxOutSummaryUnblindingData>({
    unmaskedAmount: ["unmasked_amount", unmaskedAmountJson],
    address: ["address", nullableJson(publicAddressJson)],
    txPrivateKey: ["tx_private_key", nullableJson(scalarJson)],
  });

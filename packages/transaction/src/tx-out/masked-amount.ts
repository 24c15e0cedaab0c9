import {
  blake2b512,
  compareBytes,
  concat,
  type Digestible,
  d,
  readU64le,
  u64le,
  utf8,
} from "@mobilecoin-ts/crypto";
import { Scalar } from "@mobilecoin-ts/curve";
import { type Codec, type Field, f, message } from "@mobilecoin-ts/wire";
import { hmac } from "@noble/hashes/hmac.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { TransactionError } from "../error.ts";
import { commit } from "../proofs/pedersen.ts";
import type { Amount, UnmaskedAmount } from "./amount.ts";
import { type BlockVersion, supports } from "./block-version.ts";
import { compressedRistrettoCodec } from "./key-codecs.ts";

/** How the masks derive from the shared secret (02 section 2.5). */
export type MaskedAmountVersion = 1 | 2;

/**
 * An amount that only the holder of the output's shared secret can read (02 section 2.5). The version is the member
 * of the `TxOut` oneof, not a field of the message; block versions do not determine it.
 */
export interface MaskedAmount {
  readonly version: MaskedAmountVersion;
  /** Compressed Pedersen commitment, 32 bytes as received: never decompressed on decode. */
  readonly commitment: Uint8Array;
  /** The u64 value XOR its mask. */
  readonly maskedValue: bigint;
  /** Little-endian token id XOR its mask, 8 bytes; empty before block version 2. Other lengths decode too. */
  readonly maskedTokenId: Uint8Array;
}

/** The two masked fields, all that a Fog record keeps of an amount. */
export type MaskedFields = Omit<MaskedAmount, "commitment">;

/** What hides an amount, in the order in which a reader needs it: token, value, then blinding. */
export interface AmountMasks {
  tokenIdMask(): bigint;
  valueMask(): bigint;
  blinding(): Scalar;
}

/**
 * Masks an amount for a holder of the shared secret (32 bytes).
 *
 * @returns the masked amount and the amount with its blinding, which the sender needs for the proofs.
 */
export function maskAmount(
  version: MaskedAmountVersion,
  amount: Amount,
  sharedSecret: Uint8Array,
): { readonly maskedAmount: MaskedAmount; readonly unmasked: UnmaskedAmount } {
  const masks = amountMasks(version, sharedSecret);
  const blinding = masks.blinding();
  return {
    maskedAmount: {
      version,
      commitment: commit(amount.value, blinding, amount.tokenId).encode(),
      maskedValue: amount.value ^ masks.valueMask(),
      maskedTokenId: u64le(amount.tokenId ^ masks.tokenIdMask()),
    },
    unmasked: { value: amount.value, tokenId: amount.tokenId, blinding },
  };
}

/**
 * Masks an amount in the form that new outputs take at a block version: version 2 from block version 3, version 1
 * before, without a token id before block version 2.
 *
 * @throws TransactionError `TokenIdNotSupportedAtBlockVersion` (area `amount`) for a token other than 0 before 2.
 */
export function maskAmountForBlockVersion(
  blockVersion: BlockVersion,
  amount: Amount,
  sharedSecret: Uint8Array,
): { readonly maskedAmount: MaskedAmount; readonly unmasked: UnmaskedAmount } {
  if (supports(blockVersion, "maskedAmountV2")) return maskAmount(2, amount, sharedSecret);
  if (supports(blockVersion, "maskedTokenId")) return maskAmount(1, amount, sharedSecret);
  if (amount.tokenId !== 0n) {
    throw new TransactionError(
      "amount",
      "TokenIdNotSupportedAtBlockVersion",
      `outputs of block version ${blockVersion} carry token 0 only`,
      { data: { blockVersion } },
    );
  }
  const masked = maskAmount(1, amount, sharedSecret);
  return { ...masked, maskedAmount: { ...masked.maskedAmount, maskedTokenId: new Uint8Array(0) } };
}

/**
 * Reads a masked amount with the output's shared secret (32 bytes) and checks it against the commitment.
 *
 * @throws TransactionError area `amount`: `InvalidMaskedTokenId` (length is not 8, nor 0 in version 1),
 * `InconsistentCommitment` (another secret, or an altered amount).
 */
export function recoverAmount(masked: MaskedAmount, sharedSecret: Uint8Array): UnmaskedAmount {
  return checked(masked, amountMasks(masked.version, sharedSecret));
}

/**
 * The secret that opens a version 2 amount and nothing else of its output, 32 bytes; a swap reveals it for its
 * partial fill outputs.
 */
export function amountSharedSecret(sharedSecret: Uint8Array): Uint8Array {
  return blake2b512("mc_amount_shared_secret", sharedSecret).slice(0, 32);
}

/**
 * Reads a version 2 amount with its amount shared secret (32 bytes).
 *
 * @throws TransactionError area `amount`: `AmountVersionTooOldForAmountSharedSecret` for version 1, and as
 * `recoverAmount`.
 */
export function recoverAmountWithAmountSharedSecret(
  masked: MaskedAmount,
  amountSecret: Uint8Array,
): UnmaskedAmount {
  if (masked.version === 1) {
    throw new TransactionError(
      "amount",
      "AmountVersionTooOldForAmountSharedSecret",
      "version 1 amounts have no amount shared secret",
    );
  }
  return checked(masked, new MasksV2(amountSecret));
}

/**
 * Rebuilds a masked amount from the fields a Fog record keeps. Any secret yields some amount: the caller confirms
 * it with the CRC-32 of the commitment.
 *
 * @throws TransactionError `InvalidMaskedTokenId` (area `amount`).
 */
export function reconstructMaskedAmount(
  fields: MaskedFields,
  sharedSecret: Uint8Array,
): { readonly maskedAmount: MaskedAmount; readonly unmasked: UnmaskedAmount } {
  const { unmasked, commitment } = unmask(fields, amountMasks(fields.version, sharedSecret));
  const { version, maskedValue, maskedTokenId } = fields;
  return { maskedAmount: { version, commitment, maskedValue, maskedTokenId }, unmasked };
}

/** The masks of an output with this shared secret (32 bytes), each computed when asked for. */
export function amountMasks(version: MaskedAmountVersion, sharedSecret: Uint8Array): AmountMasks {
  return version === 1 ? new MasksV1(sharedSecret) : new MasksV2(amountSharedSecret(sharedSecret));
}

/** The token id in the clear. Throws `InvalidMaskedTokenId` (area `amount`). */
export function unmaskTokenId({ version, maskedTokenId }: MaskedFields, masks: AmountMasks): bigint {
  // Outputs made before there were token ids have none: they are token 0. Version 2 came later.
  if (maskedTokenId.length === 0 && version === 1) return 0n;
  if (maskedTokenId.length !== 8) {
    throw new TransactionError("amount", "InvalidMaskedTokenId", "masked token id has a wrong length", {
      data: { found: maskedTokenId.length, required: 8 },
    });
  }
  return readU64le(maskedTokenId) ^ masks.tokenIdMask();
}

function unmask(
  fields: MaskedFields,
  masks: AmountMasks,
): { unmasked: UnmaskedAmount; commitment: Uint8Array } {
  const tokenId = unmaskTokenId(fields, masks);
  const value = fields.maskedValue ^ masks.valueMask();
  const blinding = masks.blinding();
  return { unmasked: { value, tokenId, blinding }, commitment: commit(value, blinding, tokenId).encode() };
}

function checked(masked: MaskedAmount, masks: AmountMasks): UnmaskedAmount {
  const { unmasked, commitment } = unmask(masked, masks);
  if (compareBytes(commitment, masked.commitment) !== 0) {
    throw new TransactionError(
      "amount",
      "InconsistentCommitment",
      "the amount read does not match its commitment",
    );
  }
  return unmasked;
}

/** Whether two masked amounts agree in every byte and in version; both may be absent. */
export function maskedAmountEquals(a: MaskedAmount | undefined, b: MaskedAmount | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    a.version === b.version &&
    a.maskedValue === b.maskedValue &&
    compareBytes(a.commitment, b.commitment) === 0 &&
    compareBytes(a.maskedTokenId, b.maskedTokenId) === 0
  );
}

/** Version 1: three tagged hashes of the shared secret. */
class MasksV1 implements AmountMasks {
  readonly #sharedSecret: Uint8Array;

  constructor(sharedSecret: Uint8Array) {
    this.#sharedSecret = sharedSecret;
  }

  tokenIdMask(): bigint {
    return readU64le(blake2b512("mc_amount_token_id", this.#sharedSecret));
  }

  /** Unlike the token mask, taken from the *reduced* hash. */
  valueMask(): bigint {
    return readU64le(Scalar.fromBytesWide(blake2b512("mc_amount_value", this.#sharedSecret)).toBytes());
  }

  blinding(): Scalar {
    return Scalar.fromBytesWide(blake2b512("mc_amount_blinding", this.#sharedSecret));
  }
}

const BLINDING_FACTORS_SALT = hmac.create(sha512, utf8("mc_amount_blinding_factors"));
const VALUE_INFO = firstBlock("mc_amount_value");
const TOKEN_ID_INFO = firstBlock("mc_amount_token_id");
const BLINDING_INFO = firstBlock("mc_amount_blinding");

/** Version 2: HKDF-SHA-512 of the amount shared secret, one expansion each. */
class MasksV2 implements AmountMasks {
  readonly #expand: ReturnType<typeof hmac.create>;

  constructor(amountSecret: Uint8Array) {
    // Scanning asks for one mask of most outputs and all three of few, so the extraction is shared and the salt's
    // half of it is done once for all. Every expansion fits the first output block (RFC 5869 section 2.3).
    const pseudoRandomKey = BLINDING_FACTORS_SALT.clone().update(amountSecret).digest();
    this.#expand = hmac.create(sha512, pseudoRandomKey);
  }

  tokenIdMask(): bigint {
    return readU64le(this.#first(TOKEN_ID_INFO));
  }

  valueMask(): bigint {
    return readU64le(this.#first(VALUE_INFO));
  }

  blinding(): Scalar {
    return Scalar.fromBytesWide(this.#first(BLINDING_INFO));
  }

  #first(block: Uint8Array): Uint8Array {
    return this.#expand.clone().update(block).digest();
  }
}

function firstBlock(info: string): Uint8Array {
  return concat(utf8(info), Uint8Array.of(1));
}

/** The hash schema of a masked amount: one struct by two names, without a node for the version (02 section 2.9.1). */
export const maskedAmountDigestible: Digestible<MaskedAmount> = d.transparent((masked) =>
  masked.version === 1 ? AMOUNT_V1 : AMOUNT_V2,
);

const AMOUNT_V1 = amountStruct("Amount");
const AMOUNT_V2 = amountStruct("MaskedAmountV2");

function amountStruct(name: string): Digestible<MaskedAmount> {
  return d.struct<MaskedAmount>(name, [
    ["commitment", d.ristretto],
    ["masked_value", d.u64],
    ["masked_token_id", d.bytes],
  ]);
}

/** The two members of a oneof that holds a masked amount: the same message, the version told by the tag. */
export function maskedAmountOneof(tagOfV1: number, tagOfV2: number): Field<MaskedAmount | undefined> {
  return f.oneof<MaskedAmount>([
    { tag: tagOfV1, codec: maskedAmountCodec(1), holds: ({ version }) => version === 1 },
    { tag: tagOfV2, codec: maskedAmountCodec(2), holds: ({ version }) => version === 2 },
  ]);
}

function maskedAmountCodec(version: MaskedAmountVersion): Codec<MaskedAmount> {
  return message<MaskedAmount>("MaskedAmount", {
    version: f.constant(version),
    commitment: f.message(1, compressedRistrettoCodec),
    maskedValue: f.fixed64(2, { required: true }),
    maskedTokenId: f.bytes(3),
  });
}

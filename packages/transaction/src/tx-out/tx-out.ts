import { blake2b256, compareBytes, type Digestible, d, digest32 } from "@mobilecoin-ts/crypto";
import { type Codec, f, fixedBytes, message } from "@mobilecoin-ts/wire";
import { compressedRistrettoCodec } from "./key-codecs.ts";
import {
  type MaskedAmount,
  maskedAmountDigestible,
  maskedAmountEquals,
  maskedAmountOneof,
} from "./masked-amount.ts";

/** Length of an encrypted Fog hint in bytes (02 section 2.2). */
export const ENCRYPTED_FOG_HINT_LENGTH = 84;

/** Length of an encrypted memo in bytes (02 section 2.2). */
export const ENCRYPTED_MEMO_LENGTH = 66;

/** A transaction output (02 section 2.6). Keys are raw bytes as received; decoding never decompresses them. */
export interface TxOut {
  /** Absent only in a malformed output: the oneof had no member. */
  readonly maskedAmount: MaskedAmount | undefined;
  /** One-time public key `P = Hs(r·C)·G + D`, 32 bytes compressed. */
  readonly targetKey: Uint8Array;
  /** Transaction public key `R = r·D`, 32 bytes compressed; unique in the whole ledger. */
  readonly publicKey: Uint8Array;
  /** Encrypted Fog hint, 84 bytes. */
  readonly eFogHint: Uint8Array;
  /** Encrypted memo, 66 bytes; mandatory from block version 1, forbidden before. */
  readonly eMemo: Uint8Array | undefined;
}

/** A Fog hint, 84 bytes; absent, it is zero. */
export const encryptedFogHintCodec: Codec<Uint8Array> = fixedBytes(
  "EncryptedFogHint",
  ENCRYPTED_FOG_HINT_LENGTH,
);

/** The ledger form of an output (02 section 2.6): a version 2 amount, tag 6, is written first. */
export const txOutCodec: Codec<TxOut> = message("TxOut", {
  maskedAmount: maskedAmountOneof(1, 6),
  targetKey: f.message(2, compressedRistrettoCodec),
  publicKey: f.message(3, compressedRistrettoCodec),
  eFogHint: f.message(4, encryptedFogHintCodec),
  eMemo: f.message(5, fixedBytes("EncryptedMemo", ENCRYPTED_MEMO_LENGTH), { optional: true }),
});

/** How an output is hashed (02 section 2.9.1): the amount under the name it had before there were two versions. */
export const txOutDigestible: Digestible<TxOut> = d.struct<TxOut>("TxOut", [
  ["amount", d.option(maskedAmountDigestible), { key: "maskedAmount" }],
  ["target_key", d.ristretto],
  ["public_key", d.ristretto],
  ["e_fog_hint", d.bytes],
  ["e_memo", d.option(d.newtype("EncryptedMemo", d.bytes))],
]);

/** The 32-byte hash of an output. */
export function txOutHash(txOut: TxOut): Uint8Array {
  return digest32("mobilecoin-txout", txOutDigestible, txOut);
}

/** The 32-byte hash of an output as a leaf of the ledger's Merkle tree. */
export function txOutMerkleLeaf(txOut: TxOut): Uint8Array {
  return blake2b256("mc_tx_out_merkle_leaf", txOutHash(txOut));
}

/** Whether two outputs agree in every byte, the amount's version included. */
export function txOutEquals(a: TxOut, b: TxOut): boolean {
  return maskedAmountEquals(a.maskedAmount, b.maskedAmount) && txOutEqualsIgnoringAmount(a, b);
}

/** Whether two outputs agree in everything but the amount, which may even be absent from one. */
export function txOutEqualsIgnoringAmount(a: TxOut, b: TxOut): boolean {
  return (
    sameBytes(a.targetKey, b.targetKey) &&
    sameBytes(a.publicKey, b.publicKey) &&
    sameBytes(a.eFogHint, b.eFogHint) &&
    (a.eMemo === undefined || b.eMemo === undefined ? a.eMemo === b.eMemo : sameBytes(a.eMemo, b.eMemo))
  );
}

/** Outputs are public: the comparison may stop early. */
function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return compareBytes(a, b) === 0;
}

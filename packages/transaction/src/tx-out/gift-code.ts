import type { TxOutGiftCode } from "@mobilecoin-ts/account";
import { blake2b512 } from "@mobilecoin-ts/crypto";
import { Point } from "@mobilecoin-ts/curve";
import { type Codec, f, message, wrapper } from "@mobilecoin-ts/wire";
import { ristrettoPrivateCodec } from "./key-codecs.ts";

export type { TxOutGiftCode };

const sharedSecretCodec: Codec<Uint8Array> = wrapper<Uint8Array>("CompressedRistretto", {
  length: 32,
  initial: () => new Uint8Array(32),
  toBytes: (bytes) => bytes,
  fromBytes: (bytes) => {
    Point.decode(bytes);
    return bytes;
  },
});

/**
 * The ledger form of a gift code (MCIP 32, 01 section 2.14): every field always written, the shared secret a point.
 * The printable form is `encodePrintable` of the account package.
 */
export const txOutGiftCodeCodec: Codec<TxOutGiftCode> = message("TxOutGiftCode", {
  globalIndex: f.uint64(1, { required: true }),
  onetimePrivateKey: f.message(2, ristrettoPrivateCodec),
  sharedSecret: f.message(3, sharedSecretCodec),
});

/** Bytes of a gift code's short hash. */
export const GIFT_CODE_SHORT_HASH_LENGTH = 4;

/** The 4 bytes by which a funding memo names the gift output with this public key (32 bytes; 02 section 2.7.2). */
export function giftCodeShortHash(txOutPublicKey: Uint8Array): Uint8Array {
  return blake2b512("mc-gift-funding-tx-pub-key", txOutPublicKey).slice(0, GIFT_CODE_SHORT_HASH_LENGTH);
}

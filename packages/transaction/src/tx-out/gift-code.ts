import { ristrettoPrivateCodec, ristrettoPublicCodec, type TxOutGiftCode } from "@mobilecoin-ts/account";
import { blake2b512 } from "@mobilecoin-ts/crypto";
import { type Codec, f, message } from "@mobilecoin-ts/wire";

export type { TxOutGiftCode };

/**
 * The ledger form of a gift code (MCIP 32, 01 section 2.14): every field always written, the shared secret a point.
 * The printable form is `encodePrintable` of the account package.
 */
export const txOutGiftCodeCodec: Codec<TxOutGiftCode> = message("TxOutGiftCode", {
  globalIndex: f.uint64(1, { required: true }),
  onetimePrivateKey: f.message(2, ristrettoPrivateCodec),
  sharedSecret: f.message(3, ristrettoPublicCodec),
});

/** Bytes of a gift code's short hash. */
export const GIFT_CODE_SHORT_HASH_LENGTH = 4;

/** The 4 bytes by which a funding memo names the gift output with this public key (32 bytes; 02 section 2.7.2). */
export function giftCodeShortHash(txOutPublicKey: Uint8Array): Uint8Array {
  return blake2b512("mc-gift-funding-tx-pub-key", txOutPublicKey).slice(0, GIFT_CODE_SHORT_HASH_LENGTH);
}

import { blake2b256, equalBytes } from "@mobilecoin-ts/crypto";
import type { Scalar } from "@mobilecoin-ts/curve";
import { decodeKey, recoverSharedSecret } from "./onetime-keys.ts";

/** Bytes of a confirmation number. */
export const CONFIRMATION_NUMBER_LENGTH = 32;

/**
 * The number by which whoever made an output proves it to the recipient: a 32-byte hash of the shared secret
 * (32 bytes), which only the two of them know (02 section 2.4).
 */
export function confirmationNumber(sharedSecret: Uint8Array): Uint8Array {
  return blake2b256("mc_tx_out_confirmation_number", sharedSecret);
}

/**
 * Whether `confirmation` belongs to the output with this public key (32 bytes) of the account with this view private
 * key. Throws `Key` (area `txOut`) for a public key that does not decode.
 */
export function validateConfirmationNumber(
  confirmation: Uint8Array,
  publicKey: Uint8Array,
  viewPrivateKey: Scalar,
): boolean {
  const sharedSecret = recoverSharedSecret(viewPrivateKey, decodeKey(publicKey, "public_key"));
  return equalBytes(confirmationNumber(sharedSecret), confirmation);
}

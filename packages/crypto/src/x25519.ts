import { x25519 } from "@noble/curves/ed25519.js";
import { requireLength } from "./error.ts";

/** Length of X25519 keys and shared secrets. */
export const X25519_KEY_LENGTH = 32;

/** Public key of 32 private bytes, which are clamped in use only (RFC 7748). Throws `LengthMismatch`. */
export function x25519PublicKey(privateKey: Uint8Array): Uint8Array {
  requireLength(privateKey, X25519_KEY_LENGTH, "X25519 private key");
  return x25519.getPublicKey(privateKey);
}

/**
 * Shared secret (32 bytes). Any 32 public bytes are accepted and an all-zero result is not refused: the reference
 * makes no such check (01 section 2.7). Throws `LengthMismatch`.
 */
export function x25519SharedSecret(privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array {
  requireLength(privateKey, X25519_KEY_LENGTH, "X25519 private key");
  requireLength(publicKey, X25519_KEY_LENGTH, "X25519 public key");
  try {
    return x25519.getSharedSecret(privateKey, publicKey);
  } catch {
    // Lengths are right, so the library can only have refused a zero result.
    return new Uint8Array(X25519_KEY_LENGTH);
  }
}

import { decompressEd25519, ed25519Arithmetic, isSmallOrderEd25519 } from "./ed25519-arithmetic.ts";
import { CryptoError, requireLength } from "./error.ts";

/** Length of an Ed25519 public key and of a private seed. */
export const ED25519_KEY_LENGTH = 32;
export const ED25519_SIGNATURE_LENGTH = 64;

/** Public key (32 bytes) of a 32-byte seed (RFC 8032). Throws `LengthMismatch`. */
export function ed25519PublicKey(seed: Uint8Array): Uint8Array {
  requireLength(seed, ED25519_KEY_LENGTH, "Ed25519 private key");
  return ed25519Arithmetic.publicKey(seed);
}

/** Plain Ed25519 signature (64 bytes): no prehash, no context. Throws `LengthMismatch`. */
export function ed25519Sign(seed: Uint8Array, message: Uint8Array): Uint8Array {
  requireLength(seed, ED25519_KEY_LENGTH, "Ed25519 private key");
  return ed25519Arithmetic.sign(seed, message);
}

/**
 * Strict, cofactorless verification (01 section 2.6). Nodes must agree on crafted signatures too, so the checks are
 * exactly these: s below the group order; R and A decompress and neither is of small order; s·B − k·A encodes to R
 * byte for byte. False for malformed keys and signatures.
 *
 * `ed25519.verify` of the library is not used: in both of its modes it multiplies by the cofactor.
 */
export function ed25519VerifyStrict(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (publicKey.length !== ED25519_KEY_LENGTH || signature.length !== ED25519_SIGNATURE_LENGTH) return false;
  if (isSmallOrderEd25519(publicKey) || isSmallOrderEd25519(signature.subarray(0, 32))) return false;
  return ed25519Arithmetic.verifyEquation(publicKey, message, signature);
}

/**
 * Checks that 32 bytes are an Ed25519 public key, as decoders must: they decompress. A small order or an unreduced
 * coordinate is accepted here; verification refuses the former. Throws `LengthMismatch`, `InvalidPublicKey`.
 */
export function checkEd25519PublicKey(publicKey: Uint8Array): void {
  requireLength(publicKey, ED25519_KEY_LENGTH, "Ed25519 public key");
  if (decompressEd25519(publicKey) === undefined) {
    throw new CryptoError("InvalidPublicKey", "bytes are not an Ed25519 public key");
  }
}

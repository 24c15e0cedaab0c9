import { ed25519 } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { concat, equalBytes } from "./bytes.ts";
import { CryptoError, requireLength } from "./error.ts";

const { Point } = ed25519;
type EdwardsPoint = InstanceType<typeof Point>;

/** Length of an Ed25519 public key and of a private seed. */
export const ED25519_KEY_LENGTH = 32;
export const ED25519_SIGNATURE_LENGTH = 64;

/** Public key (32 bytes) of a 32-byte seed (RFC 8032). Throws `LengthMismatch`. */
export function ed25519PublicKey(seed: Uint8Array): Uint8Array {
  requireLength(seed, ED25519_KEY_LENGTH, "Ed25519 private key");
  return ed25519.getPublicKey(seed);
}

/** Plain Ed25519 signature (64 bytes): no prehash, no context. Throws `LengthMismatch`. */
export function ed25519Sign(seed: Uint8Array, message: Uint8Array): Uint8Array {
  requireLength(seed, ED25519_KEY_LENGTH, "Ed25519 private key");
  return ed25519.sign(message, seed);
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
  const commitmentBytes = signature.subarray(0, 32);
  const response = littleEndian(signature.subarray(32));
  if (response >= Point.Fn.ORDER) return false;
  const key = decompress(publicKey);
  if (key === undefined || key.isSmallOrder()) return false;
  const challenge = Point.Fn.create(littleEndian(sha512(concat(commitmentBytes, publicKey, message))));
  const expected = Point.BASE.multiplyUnsafe(response).subtract(key.multiplyUnsafe(challenge));
  // Equal encodings mean that R is this very point, so it decompresses; its order is checked without doing that.
  return equalBytes(expected.toBytes(), commitmentBytes) && !expected.isSmallOrder();
}

/**
 * Checks that 32 bytes are an Ed25519 public key, as decoders must: they decompress. A small order or an unreduced
 * coordinate is accepted here; verification refuses the former. Throws `LengthMismatch`, `InvalidPublicKey`.
 */
export function checkEd25519PublicKey(publicKey: Uint8Array): void {
  requireLength(publicKey, ED25519_KEY_LENGTH, "Ed25519 public key");
  if (decompress(publicKey) === undefined) {
    throw new CryptoError("InvalidPublicKey", "bytes are not an Ed25519 public key");
  }
}

function decompress(bytes: Uint8Array): EdwardsPoint | undefined {
  try {
    // The lenient mode reduces the coordinate and ignores the sign of zero, as the reference's curve library does.
    return Point.fromBytes(bytes, true);
  } catch {
    return undefined;
  }
}

function littleEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!);
  return value;
}

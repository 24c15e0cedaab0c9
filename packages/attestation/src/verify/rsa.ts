import { bytesToHex, concat, equalBytes, hexToBytes } from "@mobilecoin-ts/crypto";
import { sha256, sha384, sha512 } from "@noble/hashes/sha2.js";

/** An RSA public key. */
export interface RsaPublicKey {
  readonly modulus: bigint;
  readonly exponent: bigint;
}

export type RsaHash = "SHA-256" | "SHA-384" | "SHA-512";

/** Keys outside are not computed with: too weak, or costly by intent. */
const MIN_BITS = 2048;
const MAX_BITS = 8192;
const MAX_EXPONENT = 0xffff_ffffn;

const HASHES = {
  "SHA-256": { hash: sha256, prefix: hexToBytes("3031300d060960864801650304020105000420") },
  "SHA-384": { hash: sha384, prefix: hexToBytes("3041300d060960864801650304020205000430") },
  "SHA-512": { hash: sha512, prefix: hexToBytes("3051300d060960864801650304020305000440") },
} as const;

/** Unsigned number of big-endian bytes. */
export function bigEndian(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${bytesToHex(bytes)}`);
}

/**
 * Whether a signature of RSASSA-PKCS1-v1_5 (RFC 8017 section 8.2.2) holds. The encoded message is built and compared
 * whole, so no part of a padding is ever parsed. Everything here is public; nothing is constant-time.
 */
export function verifyRsaPkcs1(
  key: RsaPublicKey,
  hash: RsaHash,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  const bits = key.modulus.toString(2).length;
  const length = Math.ceil(bits / 8);
  if (bits < MIN_BITS || bits > MAX_BITS || signature.length !== length) return false;
  if (key.exponent < 3n || key.exponent > MAX_EXPONENT || key.exponent % 2n === 0n) return false;
  const representative = bigEndian(signature);
  if (representative >= key.modulus) return false;
  const { hash: digest, prefix } = HASHES[hash];
  const tail = concat(prefix, digest(message));
  const padding = new Uint8Array(length - tail.length - 3).fill(0xff);
  const wanted = concat(Uint8Array.of(0, 1), padding, Uint8Array.of(0), tail);
  const found = powerModulo(representative, key.exponent, key.modulus)
    .toString(16)
    .padStart(2 * length, "0");
  return equalBytes(hexToBytes(found), wanted);
}

function powerModulo(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (const bit of exponent.toString(2)) {
    result = (result * result) % modulus;
    if (bit === "1") result = (result * base) % modulus;
  }
  return result;
}

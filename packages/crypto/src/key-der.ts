import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concat, equalBytes, hexToBytes } from "./bytes.ts";
import { checkEd25519PublicKey } from "./ed25519.ts";
import { CryptoError, type CryptoErrorCode, requireLength } from "./error.ts";

/** A DER form with a fixed prefix: the object is `contentLength` bytes behind it (01 section 2.6). */
interface DerForm {
  readonly what: string;
  readonly prefix: Uint8Array;
  /** Where the object identifier's content lies in the prefix. */
  readonly oidOffset: number;
  readonly contentLength: number;
  readonly invalid: CryptoErrorCode;
}

const OID_LENGTH = 3;

function form(
  what: string,
  prefix: string,
  oidOffset: number,
  contentLength: number,
  invalid: CryptoErrorCode,
): DerForm {
  return { what, prefix: hexToBytes(prefix), oidOffset, contentLength, invalid };
}

const ED25519_PUBLIC = form("Ed25519 public key", "302a300506032b6570032100", 6, 32, "InvalidPublicKey");
const X25519_PUBLIC = form("X25519 public key", "302a300506032b656e032100", 6, 32, "InvalidPublicKey");
const ED25519_PRIVATE = form(
  "Ed25519 private key",
  "302e020100300506032b657004220420",
  9,
  32,
  "InvalidPrivateKey",
);
const X25519_PRIVATE = form(
  "X25519 private key",
  "302e020100300506032b656e04220420",
  9,
  32,
  "InvalidPrivateKey",
);
const ED25519_SIGNATURE = form("Ed25519 signature", "304a300506032b6570034100", 6, 64, "InvalidSignature");

/** SubjectPublicKeyInfo (44 bytes) of an Ed25519 public key. */
export function encodeEd25519PublicDer(publicKey: Uint8Array): Uint8Array {
  return encode(ED25519_PUBLIC, publicKey);
}

/** Throws `LengthMismatch`, `AlgorithmMismatch`, `InvalidPublicKey`, in this order of checks. */
export function decodeEd25519PublicDer(der: Uint8Array): Uint8Array {
  const publicKey = decode(ED25519_PUBLIC, der);
  checkEd25519PublicKey(publicKey);
  return publicKey;
}

/** SubjectPublicKeyInfo (44 bytes) of an X25519 public key. */
export function encodeX25519PublicDer(publicKey: Uint8Array): Uint8Array {
  return encode(X25519_PUBLIC, publicKey);
}

/** Throws `LengthMismatch`, `AlgorithmMismatch`, `InvalidPublicKey`. */
export function decodeX25519PublicDer(der: Uint8Array): Uint8Array {
  return decode(X25519_PUBLIC, der);
}

/** PKCS#8 (48 bytes) of an Ed25519 seed. */
export function encodeEd25519PrivateDer(seed: Uint8Array): Uint8Array {
  return encode(ED25519_PRIVATE, seed);
}

/** Throws `LengthMismatch`, `AlgorithmMismatch`, `InvalidPrivateKey`. */
export function decodeEd25519PrivateDer(der: Uint8Array): Uint8Array {
  return decode(ED25519_PRIVATE, der);
}

/** PKCS#8 (48 bytes) of X25519 private bytes. */
export function encodeX25519PrivateDer(privateKey: Uint8Array): Uint8Array {
  return encode(X25519_PRIVATE, privateKey);
}

/** Throws `LengthMismatch`, `AlgorithmMismatch`, `InvalidPrivateKey`. */
export function decodeX25519PrivateDer(der: Uint8Array): Uint8Array {
  return decode(X25519_PRIVATE, der);
}

/** The protocol's own DER form of an Ed25519 signature (76 bytes). */
export function encodeEd25519SignatureDer(signature: Uint8Array): Uint8Array {
  return encode(ED25519_SIGNATURE, signature);
}

/** Throws `LengthMismatch`, `AlgorithmMismatch`, `InvalidSignature`. */
export function decodeEd25519SignatureDer(der: Uint8Array): Uint8Array {
  return decode(ED25519_SIGNATURE, der);
}

/**
 * Fingerprint of a DER-encoded public key: its hash (SHA-256 unless another is given) as lower-case hex bytes joined
 * by colons.
 */
export function keyFingerprint(
  publicKeyDer: Uint8Array,
  hash: (bytes: Uint8Array) => Uint8Array = sha256,
): string {
  return bytesToHex(hash(publicKeyDer)).match(/../g)!.join(":");
}

function encode({ what, prefix, contentLength }: DerForm, content: Uint8Array): Uint8Array {
  requireLength(content, contentLength, what);
  return concat(prefix, content);
}

function decode({ what, prefix, oidOffset, contentLength, invalid }: DerForm, der: Uint8Array): Uint8Array {
  requireLength(der, prefix.length + contentLength, `${what} in DER`);
  const oid = (bytes: Uint8Array) => bytes.subarray(oidOffset, oidOffset + OID_LENGTH);
  if (!equalBytes(oid(der), oid(prefix))) {
    throw new CryptoError("AlgorithmMismatch", `${what}: the object identifier names another algorithm`);
  }
  if (!equalBytes(der.subarray(0, prefix.length), prefix)) {
    throw new CryptoError(invalid, `${what}: unexpected DER structure`);
  }
  return der.slice(prefix.length);
}

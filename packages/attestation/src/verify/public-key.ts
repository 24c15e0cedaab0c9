import { bytesToHex, concat, utf8 } from "@mobilecoin-ts/crypto";
import type { ECDSA } from "@noble/curves/abstract/weierstrass.js";
import { p256, p384, p521 } from "@noble/curves/nist.js";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { sha256, sha384, sha512 } from "@noble/hashes/sha2.js";
import { LruMap } from "../session/lru-map.ts";
import { DER_TAG, dottedOid, readDerSequence, wholeBits } from "./der.ts";
import { bigEndian, type RsaHash, type RsaPublicKey, verifyRsaPkcs1 } from "./rsa.ts";

const HASHES = { "SHA-256": sha256, "SHA-384": sha384, "SHA-512": sha512 } as const;

/** Curves of certificate keys (05 section 2.11, chain rules). */
const CURVES: ReadonlyMap<string, ECDSA> = new Map([
  ["1.2.840.10045.3.1.7", p256],
  ["1.3.132.0.34", p384],
  ["1.3.132.0.35", p521],
  ["1.3.132.0.10", secp256k1],
]);

const RSA_KEY = "1.2.840.113549.1.1.1";
const EC_KEY = "1.2.840.10045.2.1";

export interface SignatureAlgorithm {
  readonly scheme: "rsa" | "ecdsa";
  readonly hash: RsaHash;
}

const SIGNATURE_ALGORITHMS: ReadonlyMap<string, SignatureAlgorithm> = new Map([
  ["1.2.840.113549.1.1.11", { scheme: "rsa", hash: "SHA-256" }],
  ["1.2.840.113549.1.1.12", { scheme: "rsa", hash: "SHA-384" }],
  ["1.2.840.113549.1.1.13", { scheme: "rsa", hash: "SHA-512" }],
  ["1.2.840.10045.4.3.2", { scheme: "ecdsa", hash: "SHA-256" }],
  ["1.2.840.10045.4.3.3", { scheme: "ecdsa", hash: "SHA-384" }],
  ["1.2.840.10045.4.3.4", { scheme: "ecdsa", hash: "SHA-512" }],
]);

/** What a certificate's key is, as far as signatures can be checked with it. */
export type PublicKey =
  | { readonly kind: "ec"; readonly curve: ECDSA; readonly point: Uint8Array }
  | ({ readonly kind: "rsa" } & RsaPublicKey)
  | { readonly kind: "unsupported" };

/** The algorithm of an AlgorithmIdentifier's OID; undefined for one that no signature here may have. */
export function signatureAlgorithm(oid: string): SignatureAlgorithm | undefined {
  return SIGNATURE_ALGORITHMS.get(oid);
}

/** Reads a SubjectPublicKeyInfo. Throws `Der`. */
export function parsePublicKey(spki: Uint8Array, what: string): PublicKey {
  const info = readDerSequence(spki, what);
  const algorithm = info.sequence();
  const oid = dottedOid(algorithm.next(DER_TAG.objectIdentifier), what);
  const key = wholeBits(info.next(DER_TAG.bitString), what);
  info.end();
  if (oid === EC_KEY && algorithm.tag === DER_TAG.objectIdentifier) {
    const curve = CURVES.get(dottedOid(algorithm.next(), what));
    return curve === undefined ? { kind: "unsupported" } : { kind: "ec", curve, point: key };
  }
  if (oid === RSA_KEY) {
    const numbers = readDerSequence(key, what);
    const modulus = bigEndian(numbers.next(DER_TAG.integer).content);
    const exponent = bigEndian(numbers.next(DER_TAG.integer).content);
    numbers.end();
    return { kind: "rsa", modulus, exponent };
  }
  return { kind: "unsupported" };
}

/** Signatures that held, by digest of all that went into them: chains and statements come again and again. */
const HELD_LIMIT = 1024;
const held = new LruMap<true>(HELD_LIMIT);

function holdsAgain(
  parts: readonly [scheme: string, key: Uint8Array, message: Uint8Array, signature: Uint8Array],
  check: () => boolean,
): boolean {
  const [scheme, key, message, signature] = parts;
  const label = bytesToHex(sha256(concat(sha256(utf8(scheme)), sha256(key), sha256(message), signature)));
  if (held.get(label) === true) return true;
  const holds = check();
  if (holds) held.set(label, true);
  return holds;
}

/** Whether a signature of a certificate or revocation list holds: for ECDSA in DER, of high or low `s`. */
export function verifySignature(
  spki: Uint8Array,
  key: PublicKey,
  { scheme, hash }: SignatureAlgorithm,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  return holdsAgain([`${scheme} ${hash}`, spki, message, signature], () => {
    if (key.kind === "rsa" && scheme === "rsa") return verifyRsaPkcs1(key, hash, message, signature);
    if (key.kind !== "ec" || scheme !== "ecdsa") return false;
    return verifyEcdsa(key.curve, key.point, HASHES[hash](message), signature, "der");
  });
}

/** Whether `r ‖ s` (64 bytes) holds over the SHA-256 of the message under a P-256 key. */
export function verifyP256(point: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  return holdsAgain(["P-256", point, message, signature], () =>
    verifyEcdsa(p256, point, sha256(message), signature, "compact"),
  );
}

function verifyEcdsa(
  curve: ECDSA,
  point: Uint8Array,
  digest: Uint8Array,
  signature: Uint8Array,
  format: "der" | "compact",
): boolean {
  try {
    return curve.verify(signature, digest, point, { prehash: false, lowS: false, format });
  } catch {
    return false;
  }
}

/** Uncompressed form of `x ‖ y` (64 bytes), or undefined where that is no point of P-256. */
export function p256Point(xy: Uint8Array): Uint8Array | undefined {
  const point = concat(Uint8Array.of(4), xy);
  try {
    p256.Point.fromBytes(point).assertValidity();
    return point;
  } catch {
    return undefined;
  }
}

/** Whether `r ‖ s` are both of 1..n-1 of P-256. */
export function areP256Scalars(signature: Uint8Array): boolean {
  const order = p256.Point.CURVE().n;
  if (signature.length !== 64) return false;
  return [signature.subarray(0, 32), signature.subarray(32)].map(bigEndian).every((v) => v > 0n && v < order);
}

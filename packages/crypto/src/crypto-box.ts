import { Point, type RandomBytes, Scalar, systemRandom } from "@mobilecoin-ts/curve";
import { ctr, gcm } from "@noble/ciphers/aes.js";
import { concat, equalBytes } from "./bytes.ts";
import { CryptoError } from "./error.ts";
import { hkdfBlake2b512 } from "./hkdf.ts";

/** Bytes a box adds to its plaintext: ephemeral key (32), tag (16), magic (1), algorithm (1). */
export const CRYPTO_BOX_FOOTER_LENGTH = 50;

const TAG_LENGTH = 16;
const MAGIC = 1;
/** Minor versions this implementation can open and make. */
const SUPPORTED_VERSIONS: readonly number[] = [0];

/**
 * What opening a box yields. A wrong tag is an outcome, not an exception: code that must not tell its host whether
 * a box was genuine (the ingest enclave) works on with `garbage`, which has the length of the plaintext; everyone
 * else discards it.
 */
export type CryptoBoxOpening =
  | { readonly authentic: true; readonly plaintext: Uint8Array }
  | { readonly authentic: false; readonly garbage: Uint8Array };

/**
 * Seals `plaintext` to a Ristretto public key: the sender stays anonymous, the result is 50 bytes longer
 * (01 section 2.8).
 */
export function cryptoBoxEncrypt(
  recipient: Point,
  plaintext: Uint8Array,
  random: RandomBytes = systemRandom,
): Uint8Array {
  const ephemeral = Scalar.random(random);
  const { key, nonce } = deriveKey(recipient.multiply(ephemeral).encode());
  const sealed = gcm(key, nonce).encrypt(plaintext);
  return concat(
    sealed.subarray(0, plaintext.length),
    Point.multiplyBase(ephemeral).encode(),
    sealed.subarray(plaintext.length),
    Uint8Array.of(MAGIC, 0),
  );
}

/**
 * Opens a box with the recipient's private key. Throws `TooShort`, `WrongMagicBytes`, `UnknownAlgorithm` or `Key`
 * for what is no box at all; the same work is done whether or not the tag matches.
 */
export function cryptoBoxDecrypt(privateKey: Scalar, cryptogram: Uint8Array): CryptoBoxOpening {
  const { ciphertext, ephemeral, tag } = splitBox(cryptogram);
  const { key, nonce } = deriveKey(ephemeral.multiply(privateKey).encode());
  // The library's own decryption stops at a wrong tag. Decrypting first and sealing again gives the expected tag at
  // a cost that does not depend on the outcome. Counter 2 is where GCM starts its key stream.
  const counter = concat(nonce, Uint8Array.of(0, 0, 0, 2));
  const decrypted = ctr(key, counter).decrypt(ciphertext);
  const expectedTag = gcm(key, nonce).encrypt(decrypted).subarray(ciphertext.length);
  return equalBytes(expectedTag, tag)
    ? { authentic: true, plaintext: decrypted }
    : { authentic: false, garbage: decrypted };
}

/** `cryptoBoxDecrypt` for clients, which need no uniform shape: the plaintext, or `MacFailed` thrown. */
export function cryptoBoxOpen(privateKey: Scalar, cryptogram: Uint8Array): Uint8Array {
  const opening = cryptoBoxDecrypt(privateKey, cryptogram);
  if (!opening.authentic) throw new CryptoError("MacFailed", "the box was altered or is for another key");
  return opening.plaintext;
}

/** The largest minor version that both sides know. Throws `NoAcceptableVersions`. */
export function negotiateCryptoBoxVersion(acceptable: readonly number[]): number {
  const common = acceptable.filter((version) => SUPPORTED_VERSIONS.includes(version));
  if (common.length === 0) {
    throw new CryptoError("NoAcceptableVersions", "no version of the box is known to both sides");
  }
  return Math.max(...common);
}

function splitBox(cryptogram: Uint8Array): { ciphertext: Uint8Array; ephemeral: Point; tag: Uint8Array } {
  const start = cryptogram.length - CRYPTO_BOX_FOOTER_LENGTH;
  if (start < 0) {
    throw new CryptoError("TooShort", `a box has at least 50 bytes, got ${cryptogram.length}`, {
      data: { found: cryptogram.length, required: CRYPTO_BOX_FOOTER_LENGTH },
    });
  }
  const [magic, algorithm] = cryptogram.subarray(-2);
  if (magic !== MAGIC) throw new CryptoError("WrongMagicBytes", "not a box: wrong magic byte");
  if (algorithm === undefined || !SUPPORTED_VERSIONS.includes(algorithm)) {
    throw new CryptoError("UnknownAlgorithm", `unknown algorithm ${algorithm}`, {
      data: { algorithm: algorithm ?? -1 },
    });
  }
  const ephemeral = Point.tryDecode(cryptogram.subarray(start, start + 32));
  if (ephemeral === undefined) throw new CryptoError("Key", "the ephemeral key of the box does not decode");
  return {
    ciphertext: cryptogram.slice(0, start),
    ephemeral,
    tag: cryptogram.subarray(start + 32, start + 32 + TAG_LENGTH),
  };
}

function deriveKey(sharedSecret: Uint8Array): { key: Uint8Array; nonce: Uint8Array } {
  const material = hkdfBlake2b512({
    salt: "dei-salty-box",
    key: sharedSecret,
    info: "aead-key-iv",
    length: 44,
  });
  return { key: material.slice(0, 32), nonce: material.slice(32) };
}

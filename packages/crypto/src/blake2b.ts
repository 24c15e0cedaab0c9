import { blake2b } from "@noble/hashes/blake2.js";
import type { CHash } from "@noble/hashes/utils.js";
import { blake2bOfParts } from "./blake2b-kernel.ts";
import { encodeLabel } from "./label.ts";

/**
 * BLAKE2b-256 of `tag ‖ parts`, the tag raw: no length byte, no separator (01 section 2.2.1). The digest length is
 * a parameter of BLAKE2b, so this is not a truncation of the 64-byte form. Returns 32 bytes.
 */
export function blake2b256(tag: string, ...parts: readonly Uint8Array[]): Uint8Array {
  return digest(32, tag, parts);
}

/** BLAKE2b-512 of `tag ‖ parts`; 64 bytes. See `blake2b256`. */
export function blake2b512(tag: string, ...parts: readonly Uint8Array[]): Uint8Array {
  return digest(64, tag, parts);
}

function digest(length: 32 | 64, tag: string, parts: readonly Uint8Array[]): Uint8Array {
  return blake2bOfParts(length, [encodeLabel(tag), ...parts]);
}

/** BLAKE2b with a fixed digest length, in the form HMAC and HKDF take a hash function. Block length 128. */
export function blake2bOfLength(length: 32 | 64): CHash {
  const hash = (message: Uint8Array) => blake2b(message, { dkLen: length });
  return Object.assign(hash, {
    outputLen: length,
    blockLen: 128,
    canXOF: false,
    create: () => blake2b.create({ dkLen: length }),
  });
}

import { hkdf } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { blake2bOfLength } from "./blake2b.ts";
import { concat, utf8 } from "./bytes.ts";

/** The inputs of HKDF (RFC 5869); salt and info default to none. Strings stand for their UTF-8 bytes. */
export interface HkdfInput {
  readonly salt?: string | Uint8Array;
  readonly key: Uint8Array;
  readonly info?: string | Uint8Array;
  /** Bytes wanted. */
  readonly length: number;
}

const BLAKE2B_256 = blake2bOfLength(32);
const BLAKE2B_512 = blake2bOfLength(64);

/** HKDF over SHA-512. */
export function hkdfSha512(input: HkdfInput): Uint8Array {
  return derive(sha512, input);
}

/** HKDF over HMAC-BLAKE2b-256 with 128-byte blocks: the HMAC construction, not keyed BLAKE2. */
export function hkdfBlake2b256(input: HkdfInput): Uint8Array {
  return derive(BLAKE2B_256, input);
}

/** HKDF over HMAC-BLAKE2b-512 with 128-byte blocks: the HMAC construction, not keyed BLAKE2. */
export function hkdfBlake2b512(input: HkdfInput): Uint8Array {
  return derive(BLAKE2B_512, input);
}

/** HMAC-SHA-512 of the concatenated parts; 64 bytes. */
export function hmacSha512(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  return hmac(sha512, key, concat(...parts));
}

function derive(hash: Parameters<typeof hkdf>[0], { salt, key, info, length }: HkdfInput): Uint8Array {
  return hkdf(hash, key, toBytes(salt), toBytes(info), length);
}

function toBytes(value: string | Uint8Array | undefined): Uint8Array | undefined {
  return typeof value === "string" ? utf8(value) : value;
}

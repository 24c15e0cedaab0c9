import { Point } from "@mobilecoin-ts/curve";
import { blake2b } from "@noble/hashes/blake2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";

const HASH_TO_POINT_TAG = utf8ToBytes("mc_onetime_key_hash_to_point");

/** The 64 uniform bytes that `Hp` maps to the curve: BLAKE2b-512 of the tag and 32 bytes (02 section 2.3). */
export function onetimePointHash(encoded: Uint8Array): Uint8Array {
  return blake2b.create({ dkLen: 64 }).update(HASH_TO_POINT_TAG).update(encoded).digest();
}

/**
 * `Hp`: the point that a 32-byte string hashes to under the one-time key tag (02 section 2.3). The bytes are
 * usually a compressed point, but need not decode: value generators hash altered encodings.
 */
export function hashToOnetimePoint(encoded: Uint8Array): Point {
  return Point.fromUniformBytes(onetimePointHash(encoded));
}

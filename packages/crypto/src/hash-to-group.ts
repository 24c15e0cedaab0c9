import { Point, Scalar } from "@mobilecoin-ts/curve";
import { blake2b512 } from "./blake2b.ts";

/** `Hs[tag]`: BLAKE2b-512 of tag and parts, reduced to a scalar (01 section 2.1). */
export function hashToScalar(tag: string, ...parts: readonly Uint8Array[]): Scalar {
  return Scalar.fromBytesWide(blake2b512(tag, ...parts));
}

/** `Hp[tag]`: BLAKE2b-512 of tag and parts through the one-way map (RFC 9496 section 4.3.4). */
export function hashToPoint(tag: string, ...parts: readonly Uint8Array[]): Point {
  return Point.fromUniformBytes(blake2b512(tag, ...parts));
}

/** Hash of a point (its 32-byte encoding) to the scalar that one-time keys are made with. */
export function onetimeHashToScalar(encodedPoint: Uint8Array): Scalar {
  return hashToScalar("mc_onetime_key_hash_to_scalar", encodedPoint);
}

/** Hash of a point (its 32-byte encoding) to the point that key images and value generators are made with. */
export function onetimeHashToPoint(encodedPoint: Uint8Array): Point {
  return hashToPoint("mc_onetime_key_hash_to_point", encodedPoint);
}

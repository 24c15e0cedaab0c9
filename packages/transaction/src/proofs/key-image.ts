import { onetimeHashToPoint } from "@mobilecoin-ts/crypto";
import { Point, type Scalar } from "@mobilecoin-ts/curve";

/** `I = x · Hp(x·G)` as a point. Constant time in the key. */
export function keyImagePointOf(onetimePrivateKey: Scalar): Point {
  const onetimePublicKey = Point.multiplyBase(onetimePrivateKey);
  return onetimeHashToPoint(onetimePublicKey.encode()).multiply(onetimePrivateKey);
}

/**
 * The key image `I = x · Hp(x·G)` of a one-time private key: 32 bytes, compressed; equal for every spend of the
 * same output, unlinkable to it without the key (02 section 2.3). Constant time in the key.
 */
export function keyImageOf(onetimePrivateKey: Scalar): Uint8Array {
  return keyImagePointOf(onetimePrivateKey).encode();
}

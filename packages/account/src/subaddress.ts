import { concat, hashToScalar, u64le } from "@mobilecoin-ts/crypto";
import { Point, type Scalar } from "@mobilecoin-ts/curve";
import { requireSubaddressIndex } from "./subaddress-index.ts";

/** The pair of points that makes an address: view C and spend D. */
export interface SubaddressPoints {
  readonly viewPublicKey: Point;
  readonly spendPublicKey: Point;
}

/** The private keys of one subaddress: view c and spend d. */
export interface SubaddressPrivateKeys {
  readonly viewPrivateKey: Scalar;
  readonly spendPrivateKey: Scalar;
}

// The index is hashed in the form of a scalar: 32 bytes, not 8.
const INDEX_PADDING = new Uint8Array(24);

/** What separates subaddress `index` from the account's own spend key (01 section 2.13.2). */
function subaddressOffset(viewPrivateKey: Scalar, index: bigint): Scalar {
  requireSubaddressIndex(index);
  return hashToScalar("mc_subaddress", viewPrivateKey.toBytes(), concat(u64le(index), INDEX_PADDING));
}

/** Private keys of a subaddress from the account's private keys a and b. */
export function subaddressPrivateKeys(
  viewPrivateKey: Scalar,
  spendPrivateKey: Scalar,
  index: bigint,
): SubaddressPrivateKeys {
  const spend = subaddressOffset(viewPrivateKey, index).add(spendPrivateKey);
  return { viewPrivateKey: viewPrivateKey.multiply(spend), spendPrivateKey: spend };
}

/** Public keys of a subaddress from the view private key a and the spend public key B. */
export function subaddressPoints(
  viewPrivateKey: Scalar,
  spendPublicKey: Point,
  index: bigint,
): SubaddressPoints {
  const offset = subaddressOffset(viewPrivateKey, index);
  const spend = spendPublicKey.add(Point.multiplyBase(offset));
  return { viewPublicKey: spend.multiply(viewPrivateKey), spendPublicKey: spend };
}

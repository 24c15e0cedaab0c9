import { d } from "@mobilecoin-ts/crypto";

/** A member of a ring, as the ledger shows it: both points compressed, 32 bytes each. */
export interface RingMember {
  readonly targetKey: Uint8Array;
  readonly commitment: Uint8Array;
}

/**
 * A ring signature over one-time keys and amounts (02 section 2.11): `cZero` 32 bytes and `responses` 32 bytes each,
 * scalars little-endian and reduced, two responses a ring member (`r_{0,0}, r_{0,1}, r_{1,0}, …`); `keyImage` 32 bytes,
 * a compressed point.
 */
export interface RingMLSAG {
  readonly cZero: Uint8Array;
  readonly responses: readonly Uint8Array[];
  readonly keyImage: Uint8Array;
}

/** How ring signatures enter transaction hashes (02 section 2.9.1). */
export const ringMLSAGDigestible = d.struct<RingMLSAG>("RingMLSAG", [
  ["c_zero", d.scalar],
  ["responses", d.list(d.scalar)],
  ["key_image", d.ristretto],
]);

import { type Digestible, d, digest32, type SignerSet, signerSetDigestible } from "@mobilecoin-ts/crypto";

/** Who decides on a token's mint configurations, by token id (04 section 2.14.1). */
export type GovernorsMap = ReadonlyMap<bigint, SignerSet>;

interface GovernorsEntries {
  readonly map: readonly (readonly [tokenId: bigint, governors: SignerSet])[];
}

/** A governors map, its entries in ascending order of token ids. */
export const governorsMapDigestible: Digestible<GovernorsMap> = d.from(
  (governors) => ({ map: [...governors].sort(([a], [b]) => (a < b ? -1 : 1)) }),
  d.struct<GovernorsEntries>("GovernorsMap", [
    ["map", d.list(d.pair(d.newtype("TokenId", d.u64), signerSetDigestible))],
  ]),
);

/** What the minting trust root signs (Ed25519) to put governors in office, 32 bytes. */
export function governorsMapDigest(governors: GovernorsMap): Uint8Array {
  return digest32("Governors map signature", governorsMapDigestible, governors);
}

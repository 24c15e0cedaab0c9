import { type Digestible, d, digest32, type SignerSet, signerSetDigestible } from "@mobilecoin-ts/crypto";

/** Who decides on a token's mint configurations, by token id (04 section 2.14.1). */
export type GovernorsMap = ReadonlyMap<bigint, SignerSet>;

interface GovernorsEntries {
  readonly map: readonly (readonly [tokenId: bigint, governors: SignerSet])[];
}

const governorsMapDigestible: Digestible<GovernorsEntries> = d.struct<GovernorsEntries>("GovernorsMap", [
  ["map", d.list(d.pair(d.newtype("TokenId", d.u64), signerSetDigestible))],
]);

/** What the minting trust root signs (Ed25519) to put governors in office, 32 bytes. */
export function governorsMapDigest(governors: GovernorsMap): Uint8Array {
  const map = [...governors].sort(([a], [b]) => (a < b ? -1 : 1));
  return digest32("Governors map signature", governorsMapDigestible, { map });
}

import type { PublicAddress } from "@mobilecoin-ts/account";
import { concat, cryptoBoxEncrypt } from "@mobilecoin-ts/crypto";
import { Point, type RandomBytes, systemRandom } from "@mobilecoin-ts/curve";

const HINT_PADDING = Uint8Array.of(0x2a, 0x2a);

/**
 * The encrypted hint (84 bytes) by which the ingest enclave with this key finds whom an output belongs to: the view
 * public key of an address of the recipient (02 section 2.6).
 */
export function encryptFogHint(
  ingressPublicKey: Point,
  address: Pick<PublicAddress, "viewPublicKey">,
  random: RandomBytes = systemRandom,
): Uint8Array {
  return cryptoBoxEncrypt(ingressPublicKey, concat(address.viewPublicKey, HINT_PADDING), random);
}

/** The hint (84 bytes) of an output to a recipient without Fog: zeroes sealed to nobody. */
export function fakeFogHint(random: RandomBytes = systemRandom): Uint8Array {
  const nobody = Point.fromUniformBytes(random(64));
  return cryptoBoxEncrypt(nobody, new Uint8Array(32 + HINT_PADDING.length), random);
}

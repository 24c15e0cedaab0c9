import { utf8 } from "@mobilecoin-ts/crypto";
import { Scalar } from "@mobilecoin-ts/curve";
import { blake2b } from "@noble/hashes/blake2.js";

const CHALLENGE_TAG = utf8("mc_ring_mlsag_challenge");

/**
 * The challenge function of one ring signature: `Sc(BLAKE2b-512(tag ‖ M ‖ I ‖ L0 ‖ R0 ‖ L1))`. What all steps of the
 * ring share, the message (of any length) and the key image, is absorbed once.
 */
export function ringChallenge(message: Uint8Array, keyImage: Uint8Array) {
  const prefix = blake2b.create({ dkLen: 64 }).update(CHALLENGE_TAG).update(message).update(keyImage);
  return (commitments: readonly Uint8Array[]): Scalar => {
    const state = prefix.clone();
    for (const encoded of commitments) state.update(encoded);
    return Scalar.fromBytesWide(state.digest());
  };
}

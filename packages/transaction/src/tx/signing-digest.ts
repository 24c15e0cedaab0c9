import { appendDigestible, concat, d, Transcript } from "@mobilecoin-ts/crypto";
import { type BlockVersion, supports } from "../tx-out/block-version.ts";
import type { SignatureRctBulletproofs, TxPrefix } from "./tx.ts";
import { txPrefixHash } from "./tx.ts";
import { summarizeTx, txSummaryDigestible } from "./tx-summary.ts";

/** The parts of a signature that the ring signatures cover. */
export type SignedParts = Pick<
  SignatureRctBulletproofs,
  "pseudoOutputCommitments" | "rangeProofBytes" | "rangeProofs"
>;

/** The 32-byte digest of prefix hash, pseudo-outputs and range proofs, from block version 2 on (02 section 2.10). */
export function extendedMessageDigest(prefixHash: Uint8Array, parts: SignedParts): Uint8Array {
  const transcript = new Transcript("mc_extended_message");
  appendDigestible(transcript, "message", d.bytes, prefixHash);
  appendDigestible(
    transcript,
    "pseudo_output_commitments",
    d.list(d.ristretto),
    parts.pseudoOutputCommitments,
  );
  d.bytes.mayOmit(transcript, "range_proof_bytes", parts.rangeProofBytes);
  d.list(d.bytes).mayOmit(transcript, "range_proofs", parts.rangeProofs);
  return transcript.challenge("digest32", 32);
}

/**
 * What the rings of a transaction sign (02 section 2.10): before block version 2 the extended message itself, in 2 its
 * digest, from 3 on a digest that covers the summary too, so that a device which saw only the summary knows what it
 * signs. Inputs with rules sign something else (`txInSignedDigest`).
 */
export function ringSigningMessage(
  blockVersion: BlockVersion,
  prefix: TxPrefix,
  parts: SignedParts,
): Uint8Array {
  const prefixHash = txPrefixHash(prefix);
  if (!supports(blockVersion, "extendedMessageDigest")) {
    return concat(prefixHash, ...parts.pseudoOutputCommitments, parts.rangeProofBytes);
  }
  const extended = extendedMessageDigest(prefixHash, parts);
  if (!supports(blockVersion, "txSummaryDigest")) return extended;
  const transcript = new Transcript("mc_extended_message_and_tx_summary");
  appendDigestible(transcript, "extended_message", d.bytes, extended);
  appendDigestible(
    transcript,
    "tx_summary",
    txSummaryDigestible,
    summarizeTx(prefix, parts.pseudoOutputCommitments),
  );
  return transcript.challenge("digest32", 32);
}

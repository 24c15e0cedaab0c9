import {
  type Digestible,
  d,
  digest32,
  ed25519PublicKey,
  ed25519Sign,
  ed25519VerifyStrict,
} from "@mobilecoin-ts/crypto";
import { type Codec, f, fixedBytes, message } from "@mobilecoin-ts/wire";
import {
  type AttestationEvidence,
  attestationEvidenceDigestible,
  type DcapEvidence,
  dcapEvidenceCodec,
  type VerificationReport,
  verificationReportCodec,
} from "./attestation-evidence.ts";
import { BLOCK_ID_LENGTH } from "./block.ts";
import { ed25519PublicKeyCodec, ed25519SignatureCodec } from "./block-signature.ts";
import { LedgerError } from "./error.ts";
import {
  isQuorumSetValid,
  type QuorumSet,
  quorumSetCodec,
  quorumSetDigestible,
  responderIdDigestible,
} from "./quorum-set.ts";

/** What a node says of itself when it forms or fetches a block (MCIP 43). */
export interface BlockMetadataContents {
  /** 32 bytes. */
  readonly blockId: Uint8Array;
  readonly quorumSet: QuorumSet;
  /** About the node's enclave; undefined only before it is checked. */
  readonly attestationEvidence: AttestationEvidence | undefined;
  /** `host:port` */
  readonly responderId: string;
}

/** Metadata of a block, signed by the node that made it: two nodes' metadata for one block never agree. */
export interface BlockMetadata {
  readonly contents: BlockMetadataContents;
  /** Ed25519 message-signing key, 32 bytes. */
  readonly nodeKey: Uint8Array;
  /** Ed25519, 64 bytes. */
  readonly signature: Uint8Array;
}

const contentsDigestible: Digestible<BlockMetadataContents> = d.struct<BlockMetadataContents>(
  "BlockMetadataContents",
  [
    ["block_id", d.bytes],
    ["quorum_set", quorumSetDigestible],
    ["verification_report", d.option(attestationEvidenceDigestible), { key: "attestationEvidence" }],
    ["responder_id", responderIdDigestible],
  ],
);

const contentsCodec: Codec<BlockMetadataContents> = message<BlockMetadataContents>("BlockMetadataContents", {
  blockId: f.message(1, fixedBytes("BlockID", BLOCK_ID_LENGTH)),
  quorumSet: f.message(2, quorumSetCodec),
  attestationEvidence: f.union<{
    readonly verificationReport: VerificationReport;
    readonly dcapEvidence: DcapEvidence;
  }>({
    verificationReport: f.message(3, verificationReportCodec, { optional: true }),
    dcapEvidence: f.message(5, dcapEvidenceCodec, { optional: true }),
  }),
  responderId: f.nestedString(4),
});

export const blockMetadataCodec: Codec<BlockMetadata> = message<BlockMetadata>("BlockMetadata", {
  contents: f.message(1, contentsCodec),
  nodeKey: f.message(2, ed25519PublicKeyCodec),
  signature: f.message(3, ed25519SignatureCodec),
});

/** What a node signs, 32 bytes (03 section 2.6). */
export function blockMetadataDigest(contents: BlockMetadataContents): Uint8Array {
  return digest32("block_metadata", contentsDigestible, contents);
}

/** Signs metadata with a node's Ed25519 message-signing seed of 32 bytes. */
export function signBlockMetadata(contents: BlockMetadataContents, seed: Uint8Array): BlockMetadata {
  return {
    contents,
    nodeKey: ed25519PublicKey(seed),
    signature: ed25519Sign(seed, blockMetadataDigest(contents)),
  };
}

/** Whether the node key signed these contents; strict, as every node verifies. */
export function isBlockMetadataSignatureValid({ contents, nodeKey, signature }: BlockMetadata): boolean {
  return ed25519VerifyStrict(nodeKey, blockMetadataDigest(contents), signature);
}

/**
 * Checks metadata from outside as every reader must (03 section 2.6); the evidence itself is not examined, nor that the
 * block id is that of the block it came with.
 *
 * @throws LedgerError area `conversion`: `ArrayCastError` (quorum set), `MissingField` (evidence), `InvalidContents`
 * (responder id), `InvalidSignature`.
 */
export function requireBlockMetadata(metadata: BlockMetadata): void {
  requireBlockMetadataContents(metadata.contents);
  if (!isBlockMetadataSignatureValid(metadata)) {
    throw new LedgerError("conversion", "InvalidSignature", "the signature of the metadata does not hold");
  }
}

/** The part of `requireBlockMetadata` that comes before keys and signature. */
export function requireBlockMetadataContents(contents: BlockMetadataContents): void {
  const { quorumSet, attestationEvidence, responderId } = contents;
  requireResponderIds(quorumSet);
  if (!isQuorumSetValid(quorumSet)) {
    throw new LedgerError("conversion", "ArrayCastError", "the quorum set of the metadata is not valid");
  }
  if (attestationEvidence === undefined) {
    throw new LedgerError("conversion", "MissingField", "the metadata has no attestation_evidence");
  }
  requireResponderId(responderId);
}

/** Throws `InvalidContents` unless the id has a colon. */
export function requireResponderId(responderId: string): void {
  if (!responderId.includes(":")) {
    throw new LedgerError("conversion", "InvalidContents", "a responder id is not of the form host:port");
  }
}

function requireResponderIds({ members }: QuorumSet): void {
  for (const member of members) {
    if (member?.kind === "node") requireResponderId(member.node.responderId);
    if (member?.kind === "innerSet") requireResponderIds(member.innerSet);
  }
}

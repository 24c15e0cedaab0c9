export {
  decodeArchiveBlock,
  decodeArchiveBlocks,
  encodeArchiveBlock,
  encodeArchiveBlocks,
} from "./archive-block.ts";
export {
  ArchiveFetcher,
  type ArchiveFetcherOptions,
  type FetchBytes,
  fetchOverHttp,
} from "./archive-fetcher.ts";
export { archiveBlockPath, DEFAULT_MERGE_BUCKETS, mergedArchivePath } from "./archive-path.ts";
export {
  type AttestationEvidence,
  type Collateral,
  type DcapEvidence,
  dcapEvidenceCodec,
  type EnclaveReportDataContents,
  type VerificationReport,
  verificationReportCodec,
} from "./attestation-evidence.ts";
export {
  BLOCK_ID_LENGTH,
  type Block,
  type BlockFields,
  blockCodec,
  blockIdOf,
  blockSigningDigest,
  blocksEqual,
  DEFAULT_ROOT_ELEMENT,
  isBlockIdValid,
  makeBlock,
  makeChildBlock,
  makeOriginBlock,
  NO_PARENT_ID,
} from "./block.ts";
export {
  type BlockContents,
  blockContentsCodec,
  blockContentsHash,
  keyImageCodec,
} from "./block-contents.ts";
export { type BlockData, blockDataCodec } from "./block-data.ts";
export {
  type BlockMetadata,
  type BlockMetadataContents,
  blockMetadataCodec,
  blockMetadataDigest,
  isBlockMetadataSignatureValid,
  requireBlockMetadata,
  signBlockMetadata,
} from "./block-metadata.ts";
export {
  type BlockSignature,
  blockSignatureCodec,
  isBlockSignatureValid,
  signBlock,
} from "./block-signature.ts";
export {
  LedgerError,
  type LedgerErrorArea,
  type LedgerErrorCodes,
  type LedgerErrorOptions,
} from "./error.ts";
export {
  blockContentsFromApi,
  blockFromApi,
  blockMetadataFromApi,
  blockSignatureFromApi,
  quorumSetFromApi,
} from "./from-api.ts";
export {
  formatLightClientConfig,
  type HistoricalValidatorSet,
  type LightClientConfig,
  LightClientVerifier,
  parseLightClientConfig,
  type TrustedValidatorSet,
  verifyBlockIdSignatures,
} from "./light-client.ts";
export {
  type MerkleNodes,
  MerkleTree,
  proofOfMembership,
  pushLeaf,
  rootElementOf,
  treeHeight,
} from "./merkle-tree.ts";
export {
  type BlockIndexRange,
  MetadataSigners,
  parseMetadataSigners,
  type ReadTextFile,
} from "./metadata-signers.ts";
export {
  isQuorumSetValid,
  type QuorumNode,
  type QuorumSet,
  type QuorumSetMember,
  quorumSetCodec,
} from "./quorum-set.ts";
export {
  DEFAULT_SAMPLE_LEDGER_SEED,
  type SampleBlocksOptions,
  type SampleLedgerOptions,
  sampleBlocks,
  sampleLedger,
  testQuorumNode,
} from "./sample-ledger.ts";
export { type ChainSummary, ChainVerifier, type VerifyChainOptions, verifyChain } from "./verify-chain.ts";

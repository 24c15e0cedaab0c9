export { type Clock, systemClock } from "./clock.ts";
export {
  LedgerSyncError,
  type LedgerSyncErrorArea,
  type LedgerSyncErrorCodes,
  type LedgerSyncErrorOptions,
} from "./error.ts";
export { type NetworkStateOptions, NetworkStateTracker } from "./network/network-state.ts";
export { networkOfPeers, parseQuorumSet } from "./network/quorum-set-json.ts";
export {
  type ArchiveDestination,
  type OpenDestinationOptions,
  openDestination,
} from "./publish/destination.ts";
export { fileDestination } from "./publish/file-destination.ts";
export { LedgerPublisher, type LedgerPublisherOptions, type StartFrom } from "./publish/ledger-publisher.ts";
export type { S3Credentials } from "./publish/s3-destination.ts";
export {
  type BlockSource,
  grpcBlockSource,
  type LastBlockInfo,
  MAX_BLOCKS_PER_ANSWER,
  type PolledBlockSource,
} from "./sources/block-source.ts";
export { type ArchiveSourceOptions, archiveSource, type ContentsSource } from "./sources/contents-source.ts";
export { type EvidenceSource, grpcEvidenceSource } from "./sources/evidence-source.ts";
export { fetchNodeIdentity, type NodeIdentity } from "./sources/node-identity.ts";
export { catchUp, type FollowLedgerOptions, followLedger } from "./sync/follow-ledger.ts";
export {
  DEFAULT_SYNC_LIMIT,
  LedgerSync,
  type LedgerSyncOptions,
  type SyncResult,
} from "./sync/ledger-sync.ts";
export { type EvidenceJudge, type EvidenceJudgeOptions, evidenceJudge } from "./watcher/evidence-judge.ts";
export { Watcher, type WatcherOptions } from "./watcher/watcher.ts";
export { readWatcherConfig, type WatchedSource, type WatcherConfig } from "./watcher/watcher-config.ts";
export {
  type SignerRecord,
  type SourcedSignature,
  type Timestamp,
  type Violation,
  type ViolationKind,
  WatcherDb,
} from "./watcher/watcher-db.ts";

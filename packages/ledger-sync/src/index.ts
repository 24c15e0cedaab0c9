export { type Clock, systemClock } from "./clock.ts";
export {
  LedgerSyncError,
  type LedgerSyncErrorArea,
  type LedgerSyncErrorCodes,
  type LedgerSyncErrorOptions,
} from "./error.ts";
export { type NetworkStateOptions, NetworkStateTracker } from "./network/network-state.ts";
export {
  type BlockSource,
  grpcBlockSource,
  type LastBlockInfo,
  MAX_BLOCKS_PER_ANSWER,
  type PolledBlockSource,
} from "./sources/block-source.ts";
export { type ArchiveSourceOptions, archiveSource, type ContentsSource } from "./sources/contents-source.ts";
export { type FollowLedgerOptions, followLedger } from "./sync/follow-ledger.ts";
export {
  DEFAULT_SYNC_LIMIT,
  LedgerSync,
  type LedgerSyncOptions,
  type SyncResult,
} from "./sync/ledger-sync.ts";

export { LedgerSyncError, type LedgerSyncErrorArea, type LedgerSyncErrorCodes } from "./error.ts";
export { type NetworkStateOptions, NetworkStateTracker } from "./network/network-state.ts";
export type { BlockSource } from "./sources/block-source.ts";
export { LedgerSync, type LedgerSyncOptions } from "./sync/ledger-sync.ts";

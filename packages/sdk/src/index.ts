export { type ActivityEntry, activityOf, type Counterparty } from "./activity.ts";
export {
  ConsensusConnection,
  type ConsensusConnectionOptions,
  type LastBlockInfo,
} from "./consensus-connection.ts";
export { SdkError, type SdkErrorCode } from "./error.ts";
export type {
  LedgerAccess,
  NetworkState,
  ProposeOutcome,
  ProvenTxOut,
  ScannedBlock,
} from "./ledger-access.ts";
export { chooseMixins } from "./mixins.ts";
export { formatTokenAmount, parseTokenAmount } from "./mob-amount.ts";
export {
  type PaymentOptions,
  type PreparedPayment,
  type SubmittedPayment,
  type SyncOptions,
  type WaitOptions,
  Wallet,
  type WalletOptions,
} from "./wallet.ts";
export { WalletState, type WalletTxOut } from "./wallet-state.ts";

/** Every refusal of this package, by area; each code is named as the protocol names it (03 sections 2.8, 2.12, 2.13). */
export interface LedgerSyncErrorCodes {
  /** Catching up with a network (03 section 2.12). */
  sync:
    | "DBError"
    | "EmptyBlockVec"
    | "EmptyLedger"
    | "InvalidQuorumSet"
    | "InvalidBlockId"
    | "NoSafeBlocks"
    | "NoTransactionData"
    | "TransactionFetcher"
    | "TransactionsAndBlockMismatch";
  /** Publishing a ledger (03 section 2.8.2). */
  distribution:
    | "DestinationMismatch"
    | "DestinationWrite"
    | "InvalidS3Region"
    | "MissingCredentials"
    | "MissingPath"
    | "StateFile"
    | "UnknownScheme"
    | "UrlParse";
  /** The watcher (03 section 2.13). */
  watcher:
    | "AlreadyExists"
    | "BlockFetch"
    | "BlockOrder"
    | "Connection"
    | "Deserialization"
    | "EvidenceRefused"
    | "InvalidConfig"
    | "NotFound"
    | "UnknownTxSourceUrl"
    | "VersionIncompatible";
}

export type LedgerSyncErrorArea = keyof LedgerSyncErrorCodes;

export interface LedgerSyncErrorOptions {
  readonly cause?: unknown;
  /** Indices, counts and names that explain the refusal. */
  readonly data?: Readonly<Record<string, number | bigint | string>>;
}

/** A refusal while reading or publishing a ledger: `area` names the task, `code` the rule. */
export class LedgerSyncError<Area extends LedgerSyncErrorArea = LedgerSyncErrorArea> extends Error {
  readonly area: Area;
  readonly code: LedgerSyncErrorCodes[Area];
  readonly data: Readonly<Record<string, number | bigint | string>>;

  constructor(
    area: Area,
    code: LedgerSyncErrorCodes[Area],
    message: string,
    options: LedgerSyncErrorOptions = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "LedgerSyncError";
    this.area = area;
    this.code = code;
    this.data = options.data ?? {};
  }
}

/** What went wrong, in one line, for logs and for messages that name a cause. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

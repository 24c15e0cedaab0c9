import type { ProposeTxResult } from "../propose-tx-result.ts";

export type NodeErrorCode =
  /** A transaction that was asked for is not, or no longer, in the cache. */
  | "NotInCache"
  /** The transaction breaks a rule; `result` names it. */
  | "TransactionRefused"
  /** The ledger could not be read or written. */
  | "Ledger"
  /** The enclave refused for a reason that is not the transaction's. */
  | "Enclave"
  /** A peer did not answer, or answered what it must not. */
  | "Peer"
  /** The node's configuration cannot work. */
  | "Configuration"
  /** The node has as much to do as it takes on; the same request may succeed later. */
  | "OverCapacity";

export interface NodeErrorOptions {
  readonly cause?: unknown;
  readonly result?: ProposeTxResult;
  /** Hashes (32 bytes each) that are not in the cache. */
  readonly txHashes?: readonly Uint8Array[];
}

/** A failure of the part of a node outside its enclave. */
export class NodeError extends Error {
  readonly code: NodeErrorCode;
  readonly result: ProposeTxResult | undefined;
  readonly txHashes: readonly Uint8Array[];

  constructor(code: NodeErrorCode, message: string, options: NodeErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "NodeError";
    this.code = code;
    this.result = options.result;
    this.txHashes = options.txHashes ?? [];
  }
}

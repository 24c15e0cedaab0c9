import type { Tx, TxOut, TxOutMembershipProof } from "@mobilecoin-ts/transaction";

/** What a wallet must know of the network before it builds a transaction. */
export interface NetworkState {
  /** Number of blocks in the ledger; the next block has this index. */
  readonly blockCount: bigint;
  /** Number of TxOuts in the ledger. */
  readonly txOutCount: bigint;
  /** Block version transactions must be built for. */
  readonly blockVersion: number;
  /** Minimum fee of each token that may pay fees, in its smallest unit, by token id. */
  readonly minimumFees: ReadonlyMap<bigint, bigint>;
}

/** The public part of a block that a wallet scans. */
export interface ScannedBlock {
  readonly index: bigint;
  /** Global index of the first of `outputs`. */
  readonly firstTxOutIndex: bigint;
  readonly outputs: readonly TxOut[];
  /** Key images spent in this block, 32 bytes each. */
  readonly keyImages: readonly Uint8Array[];
  /** When the block was signed, in Unix seconds, where the source knows. */
  readonly signedAt: bigint | undefined;
}

/** A TxOut with the proof that the ledger holds it at `index`. */
export interface ProvenTxOut {
  readonly index: bigint;
  readonly txOut: TxOut;
  readonly proof: TxOutMembershipProof;
}

/** A node's answer to a proposed transaction. */
export type ProposeOutcome =
  | {
      readonly accepted: true;
      /** Number of blocks when the node accepted it. */
      readonly blockCount: bigint;
    }
  | {
      readonly accepted: false;
      /** Name of the `ProposeTxResult` (04 section 2.9). */
      readonly result: string;
      readonly message: string;
    };

/** Where a wallet reads the ledger and proposes transactions: a local node now, a remote network behind the same calls. */
export interface LedgerAccess {
  networkState(): Promise<NetworkState>;
  /** Blocks `from` to `to - 1` in order. */
  blocks(from: bigint, to: bigint): AsyncIterable<ScannedBlock>;
  /** TxOuts by global index with membership proofs of one ledger state, in the order asked. */
  provenTxOuts(indices: readonly bigint[]): Promise<readonly ProvenTxOut[]>;
  propose(tx: Tx): Promise<ProposeOutcome>;
}

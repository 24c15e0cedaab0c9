import type { LedgerStore } from "@mobilecoin-ts/ledger/store";
import type {
  LedgerAccess,
  NetworkState,
  ProposeOutcome,
  ProvenTxOut,
  ScannedBlock,
} from "@mobilecoin-ts/sdk";
import type { Tx } from "@mobilecoin-ts/transaction";
import { blockVersion, type FeeMap } from "@mobilecoin-ts/transaction";

/** Block version of transactions and blocks of a local network. */
export const DEVNET_BLOCK_VERSION = blockVersion(4);

/** How many blocks are read before others get a turn. */
const BLOCKS_PER_TURN = 64;

/** What a wallet reads, from a ledger folder on this machine; proposing is left to whoever runs the node. */
export abstract class StoreAccess implements LedgerAccess {
  protected readonly store: LedgerStore;
  readonly #fees: FeeMap;

  protected constructor(store: LedgerStore, fees: FeeMap) {
    this.store = store;
    this.#fees = fees;
  }

  async networkState(): Promise<NetworkState> {
    return {
      blockCount: this.store.blockCount(),
      txOutCount: this.store.txOutCount(),
      blockVersion: DEVNET_BLOCK_VERSION,
      minimumFees: this.#fees,
    };
  }

  async *blocks(from: bigint, to: bigint): AsyncGenerator<ScannedBlock> {
    for (let index = from; index < to; index++) {
      const { outputs, keyImages } = this.store.blockContents(index);
      yield {
        index,
        firstTxOutIndex: this.store.firstTxOutIndexOfBlock(index),
        outputs,
        keyImages,
        signedAt: this.store.blockSignature(index)?.signedAt,
      };
      if (Number(index - from) % BLOCKS_PER_TURN === BLOCKS_PER_TURN - 1) await new Promise(setImmediate);
    }
  }

  async provenTxOuts(indices: readonly bigint[]): Promise<readonly ProvenTxOut[]> {
    const proofs = this.store.membershipProofs(indices);
    return indices.map((index, i) => ({ index, txOut: this.store.txOut(index), proof: proofs[i]! }));
  }

  abstract propose(tx: Tx): Promise<ProposeOutcome>;
}

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

/** What a wallet reads, from ledger folders on this machine; proposing is left to the subclass. */
export abstract class StoreAccess implements LedgerAccess {
  readonly #fees: FeeMap;

  protected constructor(fees: FeeMap) {
    this.#fees = fees;
  }

  /** The ledger to read from now. */
  abstract get store(): LedgerStore;

  async networkState(): Promise<NetworkState> {
    const { store } = this;
    return {
      blockCount: store.blockCount(),
      txOutCount: store.txOutCount(),
      blockVersion: DEVNET_BLOCK_VERSION,
      minimumFees: this.#fees,
    };
  }

  async *blocks(from: bigint, to: bigint): AsyncGenerator<ScannedBlock> {
    for (let index = from; index < to; index++) {
      const { store } = this;
      const { outputs, keyImages } = store.blockContents(index);
      yield {
        index,
        firstTxOutIndex: store.firstTxOutIndexOfBlock(index),
        outputs,
        keyImages,
        signedAt: store.blockSignature(index)?.signedAt,
      };
      if (Number(index - from) % BLOCKS_PER_TURN === BLOCKS_PER_TURN - 1) await new Promise(setImmediate);
    }
  }

  async provenTxOuts(indices: readonly bigint[]): Promise<readonly ProvenTxOut[]> {
    const { store } = this;
    const proofs = store.membershipProofs(indices);
    return indices.map((index, i) => ({ index, txOut: store.txOut(index), proof: proofs[i]! }));
  }

  abstract propose(tx: Tx): Promise<ProposeOutcome>;
}

import { compareBytes } from "@mobilecoin-ts/crypto";
import type { BlockData } from "../block-data.ts";
import { LedgerError } from "../error.ts";
import { type ChainSummary, ChainVerifier, type VerifyChainOptions } from "../verify-chain.ts";
import type { LedgerStore } from "./ledger-store.ts";

/** Blocks of a ledger in order. */
export function* blocksOf(
  store: LedgerStore,
  from = 0n,
  to: bigint = store.blockCount(),
): Generator<BlockData> {
  for (let index = from; index < to; index++) yield store.blockData(index);
}

/** How many blocks are verified before others get a turn. */
const BLOCKS_PER_TURN = 16n;

/**
 * Verifies a whole ledger folder: the chain, block by block, and that what is stored beside it (key images, outputs by
 * key and hash, the Merkle tree) says the same.
 *
 * @throws LedgerError area `chain` naming the first bad block, or `Corrupt` (area `store`).
 */
export async function verifyLedger(
  store: LedgerStore,
  options: VerifyChainOptions = {},
): Promise<ChainSummary> {
  const verifier = new ChainVerifier();
  for (const data of blocksOf(store)) {
    options.signal?.throwIfAborted();
    verifier.add(data);
    verifyIndexes(store, data);
    options.onProgress?.(verifier.summary);
    if (data.block.index % BLOCKS_PER_TURN === 0n) await new Promise(setImmediate);
  }
  verifyTree(store, verifier);
  return verifier.summary;
}

function verifyIndexes(store: LedgerStore, { block, contents }: BlockData): void {
  for (const keyImage of contents.keyImages) {
    if (store.keyImageBlockIndex(keyImage) !== block.index)
      throw corrupt(block.index, "a key image is not stored as spent");
  }
  const first = store.firstTxOutIndexOfBlock(block.index);
  for (const [i, { publicKey }] of contents.outputs.entries()) {
    const index = first + BigInt(i);
    if (store.txOutIndexByPublicKey(publicKey) !== index || store.blockIndexOfTxOut(index) !== block.index) {
      throw corrupt(block.index, "an output is not found by its key");
    }
  }
}

function verifyTree(store: LedgerStore, verifier: ChainVerifier): void {
  const { lastBlockIndex } = verifier.summary;
  const recomputed = verifier.treeRoot();
  if (lastBlockIndex === undefined || recomputed === undefined) return;
  if (compareBytes(store.rootElement().hash, recomputed) !== 0) {
    throw corrupt(lastBlockIndex, "the stored Merkle tree has another root than its outputs");
  }
}

function corrupt(index: bigint, reason: string): LedgerError<"store"> {
  return new LedgerError("store", "Corrupt", `the ledger is damaged at block ${index}: ${reason}`, {
    data: { index },
  });
}

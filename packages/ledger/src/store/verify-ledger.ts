import { compareBytes } from "@mobilecoin-ts/crypto";
import { txOutHash } from "@mobilecoin-ts/transaction";
import type { BlockData } from "../block-data.ts";
import { LedgerError } from "../error.ts";
import { treeHeight } from "../merkle-tree.ts";
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
const NODES_PER_TURN = 4096n;

/**
 * Verifies a whole ledger folder: the chain, block by block, and that what is stored beside it (key images, outputs by
 * key, hash and index, counts, every node of the Merkle tree) says the same. Blocks that another process appends
 * meanwhile are verified too.
 *
 * @throws LedgerError area `chain` naming the first bad block, or `Corrupt` (area `store`).
 */
export async function verifyLedger(
  store: LedgerStore,
  options: VerifyChainOptions = {},
): Promise<ChainSummary> {
  const verifier = new ChainVerifier();
  await verifyBlocks(store, verifier, options);
  await verifyFullSubtrees(store, verifier, options.signal);
  do await verifyBlocks(store, verifier, options);
  while (store.blockCount() !== BigInt(verifier.summary.blocks));
  // No turn of another between the comparison of counts and this: both see the same state of the ledger.
  verifyGrowingSubtrees(store, verifier);
  return verifier.summary;
}

/** Verifies the blocks that were not verified yet. */
async function verifyBlocks(
  store: LedgerStore,
  verifier: ChainVerifier,
  { signal, onProgress }: VerifyChainOptions,
): Promise<void> {
  for (const data of blocksOf(store, BigInt(verifier.summary.blocks))) {
    signal?.throwIfAborted();
    verifier.add(data);
    verifyIndexes(store, data);
    onProgress?.(verifier.summary);
    if (data.block.index % BLOCKS_PER_TURN === 0n) await new Promise(setImmediate);
  }
}

function verifyIndexes(store: LedgerStore, { block, contents }: BlockData): void {
  for (const keyImage of contents.keyImages) {
    if (store.keyImageBlockIndex(keyImage) !== block.index)
      throw corrupt(block.index, "a key image is not stored as spent");
  }
  const first = store.firstTxOutIndexOfBlock(block.index);
  if (first + BigInt(contents.outputs.length) !== block.cumulativeTxOutCount) {
    throw corrupt(block.index, "its outputs do not stand where its count says");
  }
  for (const [i, output] of contents.outputs.entries()) {
    const index = first + BigInt(i);
    const found =
      store.txOutIndexByPublicKey(output.publicKey) === index &&
      store.txOutIndexByHash(txOutHash(output)) === index &&
      store.blockIndexOfTxOut(index) === block.index;
    if (!found) throw corrupt(block.index, "an output is not found by its key, its hash or its index");
  }
}

/**
 * Every stored node is compared, not the root alone: a damaged one below it would spoil proofs. These never change, as
 * no leaf can be added under them.
 */
async function verifyFullSubtrees(
  store: LedgerStore,
  verifier: ChainVerifier,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { tree } = verifier;
  if (tree === undefined) return;
  for (let level = 0; level <= treeHeight(tree.leafCount); level++) {
    const full = tree.leafCount >> BigInt(level);
    for (let position = 0n; position < full; position++) {
      verifyNode(store, tree, level, position);
      if (position % NODES_PER_TURN === 0n) {
        signal?.throwIfAborted();
        await new Promise(setImmediate);
      }
    }
  }
}

/** The last node of each level: the next outputs will change them. */
function verifyGrowingSubtrees(store: LedgerStore, { tree, summary }: ChainVerifier): void {
  if (tree === undefined || summary.lastBlockIndex === undefined) return;
  if (store.txOutCount() !== tree.leafCount) {
    throw corrupt(summary.lastBlockIndex, "the number of outputs stored is not that of its blocks");
  }
  for (let level = 0; level <= treeHeight(tree.leafCount); level++) {
    verifyNode(store, tree, level, (tree.leafCount - 1n) >> BigInt(level));
  }
}

function verifyNode(
  store: LedgerStore,
  tree: NonNullable<ChainVerifier["tree"]>,
  level: number,
  position: bigint,
): void {
  if (compareBytes(store.merkleNode(level, position), tree.node(level, position)) === 0) return;
  const firstBlock = store.blockIndexOfTxOut(position << BigInt(level));
  throw corrupt(firstBlock, "a stored node of the Merkle tree is not the hash of what is below it");
}

function corrupt(index: bigint, reason: string): LedgerError<"store"> {
  return new LedgerError("store", "Corrupt", `the ledger is damaged at block ${index}: ${reason}`, {
    data: { index },
  });
}

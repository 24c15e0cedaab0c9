import { bytesToHex, compareBytes } from "@mobilecoin-ts/crypto";
import { MAX_BLOCK_VERSION, membershipElementCodec, txOutMerkleLeaf } from "@mobilecoin-ts/transaction";
import { type Block, DEFAULT_ROOT_ELEMENT, isBlockIdValid, NO_PARENT_ID } from "./block.ts";
import { blockContentsHash } from "./block-contents.ts";
import type { BlockData } from "./block-data.ts";
import { isBlockMetadataSignatureValid } from "./block-metadata.ts";
import { isBlockSignatureValid } from "./block-signature.ts";
import { LedgerError, type LedgerErrorCodes } from "./error.ts";
import { MerkleTree } from "./merkle-tree.ts";

export interface VerifyChainOptions {
  readonly signal?: AbortSignal;
  /** Called after each block. */
  readonly onProgress?: (summary: ChainSummary) => void;
}

/** What was verified so far. */
export interface ChainSummary {
  readonly firstBlockIndex: bigint | undefined;
  readonly lastBlockIndex: bigint | undefined;
  /** 32 bytes. */
  readonly lastBlockId: Uint8Array | undefined;
  readonly blocks: number;
  readonly txOuts: number;
  readonly keyImages: number;
  /** Block signatures that hold; blocks may come without one. */
  readonly signatures: number;
  /** Metadata whose signatures hold. */
  readonly metadata: number;
  /** Blocks whose root element was compared with the recomputed tree; only possible in a chain from its origin. */
  readonly rootElements: number;
}

/**
 * Verifies a chain of blocks as it streams by, from whatever block it begins with: ids, parents, indices, versions,
 * contents, counts, double spends and repeated outputs within it, signatures where there are any. In a chain from the
 * origin the Merkle tree is built along, and every root element that says something is compared with it (the origin
 * block's, and those of generated sample ledgers, say nothing).
 *
 * Signatures and metadata enter no hash of a block and are lacking in some archives: blocks of version 3, too, may come
 * without. `summary` counts those that were there; it is appending that requires metadata (03 section 2.9.1).
 *
 * Key images and output keys are remembered: some 100 bytes each.
 */
export class ChainVerifier {
  readonly #keyImages = new Set<string>();
  readonly #publicKeys = new Set<string>();
  #tree: MerkleTree | undefined;
  #parent: Block | undefined;
  #summary: ChainSummary = {
    firstBlockIndex: undefined,
    lastBlockIndex: undefined,
    lastBlockId: undefined,
    blocks: 0,
    txOuts: 0,
    keyImages: 0,
    signatures: 0,
    metadata: 0,
    rootElements: 0,
  };

  get summary(): ChainSummary {
    return this.#summary;
  }

  /** The tree over all outputs so far; undefined unless the chain began at its origin. */
  get tree(): Pick<MerkleTree, "leafCount" | "node" | "rootHash"> | undefined {
    return this.#tree;
  }

  /**
   * Verifies the next block.
   *
   * @throws LedgerError area `chain`; `data.index` is the index of the bad block.
   */
  add(data: BlockData): void {
    const { block, contents, signature, metadata } = data;
    this.#verifyHeader(block);
    if (compareBytes(block.contentsHash, blockContentsHash(contents)) !== 0) {
      throw bad("ContentsHash", block, "its contents do not have the hash in its header");
    }
    if (!isBlockIdValid(block)) throw bad("BlockID", block, "its id is not the hash of its header");
    this.#verifyCount(data);
    this.#verifyUnique(data);
    if (signature !== undefined && !isBlockSignatureValid(block, signature)) {
      throw bad("BlockSignature", block, "its signature does not hold");
    }
    if (
      metadata !== undefined &&
      (compareBytes(metadata.contents.blockId, block.id) !== 0 || !isBlockMetadataSignatureValid(metadata))
    ) {
      throw bad("BlockMetadata", block, "its metadata is about another block or wrongly signed");
    }
    const rootCompared = this.#verifyRoot(data);
    const before = this.#summary;
    this.#summary = {
      firstBlockIndex: before.firstBlockIndex ?? block.index,
      lastBlockIndex: block.index,
      lastBlockId: block.id,
      blocks: before.blocks + 1,
      txOuts: before.txOuts + contents.outputs.length,
      keyImages: before.keyImages + contents.keyImages.length,
      signatures: before.signatures + (signature === undefined ? 0 : 1),
      metadata: before.metadata + (metadata === undefined ? 0 : 1),
      rootElements: before.rootElements + (rootCompared ? 1 : 0),
    };
    this.#parent = block;
  }

  #verifyHeader(block: Block): void {
    const parent = this.#parent;
    if (parent === undefined) {
      if (block.version > MAX_BLOCK_VERSION || (block.index === 0n && block.version !== 0)) {
        throw bad("BlockVersion", block, `it has version ${block.version}`);
      }
      if (block.index === 0n && compareBytes(block.parentId, NO_PARENT_ID) !== 0) {
        throw bad("ParentBlockID", block, "it is the first and yet names a parent");
      }
      return;
    }
    if (block.index !== parent.index + 1n) {
      throw bad("BlockIndex", block, `it comes after block ${parent.index}`);
    }
    if (compareBytes(block.parentId, parent.id) !== 0) {
      throw bad("ParentBlockID", block, "it is no child of the block before");
    }
    if (block.version < parent.version || block.version > MAX_BLOCK_VERSION) {
      throw bad("BlockVersion", block, `it has version ${block.version} after version ${parent.version}`);
    }
  }

  #verifyCount({ block, contents }: BlockData): void {
    const before = block.index === 0n ? 0n : this.#parent?.cumulativeTxOutCount;
    if (before !== undefined && block.cumulativeTxOutCount !== before + BigInt(contents.outputs.length)) {
      throw bad("CumulativeTxOutCount", block, "its count of outputs does not add up");
    }
  }

  #verifyUnique({ block, contents }: BlockData): void {
    for (const keyImage of contents.keyImages) {
      if (!addNew(this.#keyImages, keyImage))
        throw bad("KeyImageAlreadySpent", block, "it spends an output again");
    }
    for (const { publicKey } of contents.outputs) {
      if (!addNew(this.#publicKeys, publicKey)) {
        throw bad("DuplicateOutputPublicKey", block, "an output's public key stands in the chain already");
      }
    }
  }

  #verifyRoot({ block, contents }: BlockData): boolean {
    if (block.index === 0n) this.#tree = new MerkleTree();
    const tree = this.#tree;
    if (tree === undefined) return false;
    const encoded = membershipElementCodec.encode(block.rootElement);
    const says = compareBytes(encoded, membershipElementCodec.encode(DEFAULT_ROOT_ELEMENT)) !== 0;
    if (says) {
      const expected = tree.leafCount === 0n ? DEFAULT_ROOT_ELEMENT : tree.rootElement();
      if (compareBytes(encoded, membershipElementCodec.encode(expected)) !== 0) {
        throw bad("RootElement", block, "its root element is not that of the outputs before it");
      }
    }
    for (const output of contents.outputs) tree.push(txOutMerkleLeaf(output));
    return says;
  }
}

function addNew(seen: Set<string>, bytes: Uint8Array): boolean {
  const key = bytesToHex(bytes);
  if (seen.has(key)) return false;
  seen.add(key);
  return true;
}

function bad(code: LedgerErrorCodes["chain"], block: Block, reason: string): LedgerError<"chain"> {
  return new LedgerError("chain", code, `block ${block.index} is bad: ${reason}`, {
    data: { index: block.index },
  });
}

/**
 * Verifies a stream of blocks; see `ChainVerifier`.
 *
 * @throws LedgerError area `chain`, naming the first bad block; whatever the stream throws; the signal's reason.
 */
export async function verifyChain(
  blocks: AsyncIterable<BlockData> | Iterable<BlockData>,
  options: VerifyChainOptions = {},
): Promise<ChainSummary> {
  const verifier = new ChainVerifier();
  for await (const data of blocks) {
    options.signal?.throwIfAborted();
    verifier.add(data);
    options.onProgress?.(verifier.summary);
  }
  return verifier.summary;
}

import {
  MEMBERSHIP_HASH_LENGTH,
  MEMBERSHIP_NIL_HASH,
  membershipNodeHash,
  type TxOutMembershipElement,
  type TxOutMembershipProof,
} from "@mobilecoin-ts/transaction";
import { LedgerError } from "./error.ts";

/** Where a tree's nodes are kept: hashes of 32 bytes by level (0 for leaves) and position within the level. */
export interface MerkleNodes {
  /** The hash of a node that has at least one leaf under it. */
  get(level: number, position: bigint): Uint8Array;
  set(level: number, position: bigint, hash: Uint8Array): void;
}

/** Levels above the leaves in a tree of `leafCount` leaves: log2 of the next power of two. */
export function treeHeight(leafCount: bigint): number {
  return leafCount <= 1n ? 0 : (leafCount - 1n).toString(2).length;
}

/**
 * Adds a leaf (32 bytes) at index `leafCount` and writes all nodes above it (03 section 2.7). A subtree without a leaf
 * is the single nil hash, whatever its size.
 *
 * @throws LedgerError `CapacityExceeded` (area `merkle`) beyond 2^63 leaves.
 */
export function pushLeaf(nodes: MerkleNodes, leafCount: bigint, leafHash: Uint8Array): void {
  if (leafCount >= 1n << 63n) throw new LedgerError("merkle", "CapacityExceeded", "the tree is full");
  const index = leafCount;
  let hash = leafHash;
  nodes.set(0, index, hash);
  const height = treeHeight(leafCount + 1n);
  for (let level = 1; level <= height; level++) {
    const position = index >> BigInt(level);
    const isRightChild = ((index >> BigInt(level - 1)) & 1n) === 1n;
    hash = isRightChild
      ? membershipNodeHash(nodes.get(level - 1, 2n * position), hash)
      : membershipNodeHash(hash, MEMBERSHIP_NIL_HASH);
    nodes.set(level, position, hash);
  }
}

function element(
  nodes: MerkleNodes,
  leafCount: bigint,
  level: number,
  position: bigint,
): TxOutMembershipElement {
  const from = position << BigInt(level);
  const to = from + (1n << BigInt(level)) - 1n;
  return { range: { from, to }, hash: from >= leafCount ? MEMBERSHIP_NIL_HASH : nodes.get(level, position) };
}

/**
 * The proof for one leaf: itself, then the sibling on each level upwards (03 section 2.7.1).
 *
 * @throws LedgerError `TxOutIndexOutOfBounds` (area `merkle`).
 */
export function proofOfMembership(
  nodes: MerkleNodes,
  leafCount: bigint,
  index: bigint,
): TxOutMembershipProof {
  if (index < 0n || index >= leafCount) {
    throw new LedgerError("merkle", "TxOutIndexOutOfBounds", `there is no TxOut ${index}`, {
      data: { index, leafCount },
    });
  }
  const elements = [element(nodes, leafCount, 0, index)];
  for (let level = 0; level < treeHeight(leafCount); level++) {
    elements.push(element(nodes, leafCount, level, (index >> BigInt(level)) ^ 1n));
  }
  return { index, highestIndex: leafCount - 1n, elements };
}

/**
 * The root over all leaves.
 *
 * @throws LedgerError `NoOutputs` (area `merkle`) for an empty tree.
 */
export function rootElementOf(nodes: MerkleNodes, leafCount: bigint): TxOutMembershipElement {
  if (leafCount === 0n)
    throw new LedgerError("merkle", "NoOutputs", "a tree without leaves has no root element");
  return element(nodes, leafCount, treeHeight(leafCount), 0n);
}

/** Growing array of 32-byte hashes in one buffer. */
class HashLevel {
  #bytes = new Uint8Array(16 * MEMBERSHIP_HASH_LENGTH);

  get(position: number): Uint8Array {
    const start = position * MEMBERSHIP_HASH_LENGTH;
    return this.#bytes.slice(start, start + MEMBERSHIP_HASH_LENGTH);
  }

  set(position: number, hash: Uint8Array): void {
    const start = position * MEMBERSHIP_HASH_LENGTH;
    if (start + MEMBERSHIP_HASH_LENGTH > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(2 * this.#bytes.length, start + MEMBERSHIP_HASH_LENGTH));
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes.set(hash, start);
  }
}

/** The tree of TxOuts in memory: a flat buffer of hashes a level. */
export class MerkleTree {
  readonly #levels: HashLevel[] = [];
  #leafCount = 0n;

  readonly #nodes: MerkleNodes = {
    get: (level, position) => this.#levels[level]!.get(Number(position)),
    set: (level, position, hash) => {
      this.#levels[level] ??= new HashLevel();
      this.#levels[level].set(Number(position), hash);
    },
  };

  /** The tree over these leaf hashes (32 bytes each), level by level: a hash a node instead of a path a leaf. */
  static of(leafHashes: Iterable<Uint8Array>): MerkleTree {
    const tree = new MerkleTree();
    const nodes = tree.#nodes;
    let width = 0;
    for (const hash of leafHashes) nodes.set(0, BigInt(width++), hash);
    tree.#leafCount = BigInt(width);
    for (let level = 1; level <= treeHeight(tree.#leafCount); level++) {
      const below = tree.#levels[level - 1]!;
      const parents = Math.ceil(width / 2);
      for (let position = 0; position < parents; position++) {
        const right = 2 * position + 1 < width ? below.get(2 * position + 1) : MEMBERSHIP_NIL_HASH;
        nodes.set(level, BigInt(position), membershipNodeHash(below.get(2 * position), right));
      }
      width = parents;
    }
    return tree;
  }

  get leafCount(): bigint {
    return this.#leafCount;
  }

  /** Adds a leaf: a TxOut's Merkle leaf hash (32 bytes). */
  push(leafHash: Uint8Array): void {
    if (leafHash.length !== MEMBERSHIP_HASH_LENGTH) throw new RangeError("a leaf hash has 32 bytes");
    pushLeaf(this.#nodes, this.#leafCount, leafHash);
    this.#leafCount += 1n;
  }

  /** The hash (32 bytes) of a node that has a leaf under it; level 0 has the leaves. @throws RangeError for another. */
  node(level: number, position: bigint): Uint8Array {
    if (level < 0 || level > treeHeight(this.#leafCount) || position << BigInt(level) >= this.#leafCount) {
      throw new RangeError(`the tree has no leaf under node ${position} of level ${level}`);
    }
    return this.#nodes.get(level, position);
  }

  /** @throws LedgerError `NoOutputs` (area `merkle`). */
  rootElement(): TxOutMembershipElement {
    return rootElementOf(this.#nodes, this.#leafCount);
  }

  /** The root hash, nil for the empty tree; 32 bytes. */
  rootHash(): Uint8Array {
    return this.#leafCount === 0n ? MEMBERSHIP_NIL_HASH : this.rootElement().hash;
  }

  /** @throws LedgerError `TxOutIndexOutOfBounds` (area `merkle`). */
  proof(index: bigint): TxOutMembershipProof {
    return proofOfMembership(this.#nodes, this.#leafCount, index);
  }

  /** Proofs of one state of the tree, in the order asked; fails as a whole when an index is out of bounds. */
  proofs(indices: readonly bigint[]): TxOutMembershipProof[] {
    return indices.map((index) => this.proof(index));
  }
}

import {
  deriveProofAtIndex,
  impliedMerkleRoot,
  MEMBERSHIP_NIL_HASH,
  membershipNodeHash,
} from "@mobilecoin-ts/transaction";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type MerkleNodes, MerkleTree, pushLeaf, treeHeight } from "./merkle-tree.ts";

const leaf = (index: number) => new Uint8Array(32).fill(index % 251).with(0, index >> 8);

function treeOf(count: number): MerkleTree {
  const tree = new MerkleTree();
  for (let i = 0; i < count; i++) tree.push(leaf(i));
  return tree;
}

/** 03 section 2.7, word for word: the definition that the incremental tree must agree with. */
function nodeHash(lo: number, hi: number, count: number): Uint8Array {
  if (lo >= count) return MEMBERSHIP_NIL_HASH;
  if (lo === hi) return leaf(lo);
  const mid = Math.floor((lo + hi) / 2);
  return membershipNodeHash(nodeHash(lo, mid, count), nodeHash(mid + 1, hi, count));
}

describe("Merkle tree", () => {
  test("agrees with its recursive definition, and every proof and derived proof with it", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(), (count, pick) => {
        const tree = treeOf(count);
        const size = 2 ** treeHeight(BigInt(count));
        expect(tree.rootElement()).toEqual({
          range: { from: 0n, to: BigInt(size - 1) },
          hash: nodeHash(0, size - 1, count),
        });
        const index = pick % count;
        const proof = tree.proof(BigInt(index));
        expect(proof.elements).toHaveLength(treeHeight(BigInt(count)) + 1);
        expect(impliedMerkleRoot(proof)).toEqual(tree.rootElement());
        expect(impliedMerkleRoot(deriveProofAtIndex(proof))).toEqual(treeOf(index + 1).rootElement());
      }),
      { numRuns: 60 },
    );
  });

  test("made at once is the tree made leaf by leaf, and goes on as it", () => {
    for (let count = 0; count <= 33; count++) {
      const whole = MerkleTree.of(Array.from({ length: count }, (_, i) => leaf(i)));
      const grown = treeOf(count);
      expect(whole.rootHash()).toEqual(grown.rootHash());
      const indices = Array.from({ length: count }, (_, i) => BigInt(i));
      expect(whole.proofs(indices)).toEqual(grown.proofs(indices));
      whole.push(leaf(count));
      expect(whole.rootHash()).toEqual(treeOf(count + 1).rootHash());
    }
  });

  test("orders a proof from the leaf up", () => {
    const ranges = (index: bigint) =>
      treeOf(6)
        .proof(index)
        .elements.map(({ range }) => [range.from, range.to]);
    expect(ranges(3n)).toEqual([
      [3n, 3n],
      [2n, 2n],
      [0n, 1n],
      [4n, 7n],
    ]);
    expect(ranges(5n)).toEqual([
      [5n, 5n],
      [4n, 4n],
      [6n, 7n],
      [0n, 3n],
    ]);
    expect(treeOf(6).proof(5n).elements[2]!.hash).toEqual(MEMBERSHIP_NIL_HASH);
  });

  test("of nothing has the nil hash and no root element", () => {
    const tree = new MerkleTree();
    expect(tree.rootHash()).toEqual(MEMBERSHIP_NIL_HASH);
    expect(() => tree.rootElement()).toThrow(expect.objectContaining({ code: "NoOutputs" }));
    expect(() => tree.proof(0n)).toThrow(expect.objectContaining({ code: "TxOutIndexOutOfBounds" }));
  });

  test("fails several proofs as a whole", () => {
    expect(() => treeOf(3).proofs([0n, 3n])).toThrow(
      expect.objectContaining({ code: "TxOutIndexOutOfBounds" }),
    );
    expect(
      treeOf(3)
        .proofs([2n, 0n])
        .map(({ index }) => index),
    ).toEqual([2n, 0n]);
  });

  test("is full at 2^63 leaves", () => {
    const nodes: MerkleNodes = { get: () => new Uint8Array(32), set: () => {} };
    expect(() => pushLeaf(nodes, 1n << 63n, leaf(0))).toThrow(
      expect.objectContaining({ code: "CapacityExceeded" }),
    );
  });
});

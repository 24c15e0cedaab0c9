import { bytesToHex, hexToBytes } from "@mobilecoin-ts/crypto";
import { MerkleTree } from "@mobilecoin-ts/ledger";
import { deriveProofAtIndex, impliedMerkleRoot } from "@mobilecoin-ts/transaction";
import { expect, test } from "vitest";
import { describeVectors, loadVectors } from "./vectors.ts";

interface TreeRow {
  readonly name: string;
  readonly leaf_hashes: readonly string[];
  readonly root_hash: string;
}

describeVectors("merkle: trees", () => {
  test.each(loadVectors<TreeRow>("merkle/trees.jsonl"))("$name", (row) => {
    const tree = new MerkleTree();
    const roots = row.leaf_hashes.map((leaf) => {
      tree.push(hexToBytes(leaf));
      return bytesToHex(tree.rootHash());
    });
    expect(bytesToHex(tree.rootHash())).toBe(row.root_hash);
    for (const [index, root] of roots.entries()) {
      const proof = tree.proof(BigInt(index));
      expect(bytesToHex(impliedMerkleRoot(proof).hash)).toBe(row.root_hash);
      expect(bytesToHex(impliedMerkleRoot(deriveProofAtIndex(proof)).hash)).toBe(root);
    }
  });
});

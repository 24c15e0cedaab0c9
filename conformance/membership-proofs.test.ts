import { bytesToHex, hexToBytes } from "@mobilecoin-ts/crypto";
import {
  impliedMerkleRoot,
  isMembershipProofValid,
  membershipProofCodec,
  TransactionError,
  txOutCodec,
  txOutHash,
  txOutMerkleLeaf,
} from "@mobilecoin-ts/transaction";
import { expect, test } from "vitest";
import { describeVectors, loadVectors } from "./vectors.ts";

interface ProofRow {
  readonly name: string;
  readonly group: string;
  readonly tx_out: string;
  readonly proof: string;
  readonly index: string;
  readonly highest_index: string;
  readonly element_count: number;
  readonly tx_out_hash: string;
  readonly leaf_hash: string;
  readonly root_from: string | null;
  readonly root_to: string | null;
  readonly root_hash: string;
  readonly valid: boolean;
}

describeVectors("merkle: membership proofs", () => {
  test.each(loadVectors<ProofRow>("merkle/membership_proofs.jsonl"))("$name", (row) => {
    const txOut = txOutCodec.decode(hexToBytes(row.tx_out));
    const proof = membershipProofCodec.decode(hexToBytes(row.proof));
    expect(bytesToHex(txOutCodec.encode(txOut))).toBe(row.tx_out);
    expect(bytesToHex(membershipProofCodec.encode(proof))).toBe(row.proof);
    expect(proof.index).toBe(BigInt(row.index));
    expect(proof.highestIndex).toBe(BigInt(row.highest_index));
    expect(proof.elements.length).toBe(row.element_count);
    expect(bytesToHex(txOutHash(txOut))).toBe(row.tx_out_hash);
    expect(bytesToHex(txOutMerkleLeaf(txOut))).toBe(row.leaf_hash);

    let valid: boolean;
    try {
      valid = isMembershipProofValid(txOut, proof, hexToBytes(row.root_hash));
    } catch (error) {
      expect(error).toBeInstanceOf(TransactionError);
      valid = false;
    }
    expect(valid).toBe(row.valid);
    if (row.valid) {
      const root = impliedMerkleRoot(proof);
      expect(root.range).toEqual({ from: BigInt(row.root_from!), to: BigInt(row.root_to!) });
      expect(bytesToHex(root.hash)).toBe(row.root_hash);
    }
  });
});

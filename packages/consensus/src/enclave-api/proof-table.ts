import { membershipProofCodec, type TxOutMembershipProof } from "@mobilecoin-ts/transaction";
import { type Codec, f, mapped, message, WireError } from "@mobilecoin-ts/wire";

/** A transaction under the enclave's key, with the ledger's present proof for each of its highest indices. */
export interface TxWithProofs {
  readonly encryptedTx: Uint8Array;
  readonly proofs: readonly TxOutMembershipProof[];
}

interface ProofReferences {
  readonly encryptedTx: Uint8Array;
  /** Positions in the table of proofs. */
  readonly proofs: readonly number[];
}

interface TxTable {
  readonly proofs: readonly TxOutMembershipProof[];
  readonly txs: readonly ProofReferences[];
}

/** Distinct proof objects in the order they are first met, and where each stands. */
class ProofPositions {
  readonly #positions = new Map<TxOutMembershipProof, number>();

  of(proof: TxOutMembershipProof): number {
    const known = this.#positions.get(proof);
    if (known !== undefined) return known;
    const position = this.#positions.size;
    this.#positions.set(proof, position);
    return position;
  }

  get proofs(): TxOutMembershipProof[] {
    return [...this.#positions.keys()];
  }
}

function proofAt(proofs: readonly TxOutMembershipProof[], position: number): TxOutMembershipProof {
  const proof = proofs[position];
  if (proof === undefined) throw new WireError("Content", `names proof ${position} of ${proofs.length}`);
  return proof;
}

const tableCodec = message<TxTable>("TxTable", {
  proofs: f.repeated(1, membershipProofCodec),
  txs: f.repeated(
    2,
    message<ProofReferences>("ProofReferences", { encryptedTx: f.bytes(1), proofs: f.packedUint32(2) }),
  ),
});

/**
 * Transactions with proofs, each proof object crossing once however many ring members share it; on the other side they
 * share one object again.
 */
export const txsWithProofsCodec: Codec<readonly TxWithProofs[]> = mapped(
  tableCodec,
  ({ proofs, txs }) =>
    txs.map(({ encryptedTx, proofs: positions }) => ({
      encryptedTx,
      proofs: positions.map((position) => proofAt(proofs, position)),
    })),
  (txs) => {
    const table = new ProofPositions();
    const references = txs.map(({ encryptedTx, proofs }) => ({
      encryptedTx,
      proofs: proofs.map((proof) => table.of(proof)),
    }));
    return { proofs: table.proofs, txs: references };
  },
);

/** The proofs of one transaction, shared ones once. */
export const proofsCodec: Codec<readonly TxOutMembershipProof[]> = mapped(
  message<{ readonly proofs: readonly TxOutMembershipProof[]; readonly positions: readonly number[] }>(
    "Proofs",
    {
      proofs: f.repeated(1, membershipProofCodec),
      positions: f.packedUint32(2),
    },
  ),
  ({ proofs, positions }) => positions.map((position) => proofAt(proofs, position)),
  (proofs) => {
    const table = new ProofPositions();
    const positions = proofs.map((proof) => table.of(proof));
    return { proofs: table.proofs, positions };
  },
);

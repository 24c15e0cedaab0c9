import type { PublicAddress } from "@mobilecoin-ts/account";
import { MerkleTree } from "@mobilecoin-ts/ledger";
import {
  blockVersion,
  createTxOut,
  fakeFogHint,
  keyImagesOf,
  type Tx,
  type TxOut,
  txOutMerkleLeaf,
} from "@mobilecoin-ts/transaction";
import type {
  LedgerAccess,
  NetworkState,
  ProposeOutcome,
  ProvenTxOut,
  ScannedBlock,
} from "../ledger-access.ts";

const MINIMUM_FEES = new Map([
  [0n, 400_000_000n],
  [1n, 1024n],
]);

/** A ledger in memory that believes whatever is proposed; for tests of wallets. */
export class MemoryLedger implements LedgerAccess {
  readonly #blocks: ScannedBlock[] = [];
  readonly #outputs: TxOut[] = [];
  readonly #tree = new MerkleTree();
  readonly proposed: Tx[] = [];
  /** What happens to proposals: into the next block, accepted and forgotten, or rejected. */
  fate: "appended" | "forgotten" | "rejected" = "appended";

  append(outputs: readonly TxOut[], keyImages: readonly Uint8Array[] = []): void {
    const firstTxOutIndex = BigInt(this.#outputs.length);
    this.#blocks.push({
      index: BigInt(this.#blocks.length),
      firstTxOutIndex,
      outputs,
      keyImages,
      signedAt: undefined,
    });
    for (const output of outputs) {
      this.#outputs.push(output);
      this.#tree.push(txOutMerkleLeaf(output));
    }
  }

  /** A block of outputs of these values to one address. */
  fund(recipient: PublicAddress, values: readonly bigint[], tokenId = 0n): void {
    this.append(
      values.map(
        (value) =>
          createTxOut({
            blockVersion: blockVersion(4),
            amount: { value, tokenId },
            recipient,
            eFogHint: fakeFogHint(),
          }).txOut,
      ),
    );
  }

  async networkState(): Promise<NetworkState> {
    return {
      blockCount: BigInt(this.#blocks.length),
      txOutCount: BigInt(this.#outputs.length),
      blockVersion: 4,
      minimumFees: MINIMUM_FEES,
    };
  }

  async *blocks(from: bigint, to: bigint): AsyncGenerator<ScannedBlock> {
    yield* this.#blocks.slice(Number(from), Number(to));
  }

  async provenTxOuts(indices: readonly bigint[]): Promise<readonly ProvenTxOut[]> {
    return indices.map((index) => ({
      index,
      txOut: this.#outputs[Number(index)]!,
      proof: this.#tree.proof(index),
    }));
  }

  async propose(tx: Tx): Promise<ProposeOutcome> {
    this.proposed.push(tx);
    if (this.fate === "rejected")
      return { accepted: false, result: "TxFeeError", message: "the fee is too low" };
    if (this.fate === "appended") this.append(tx.prefix.outputs, keyImagesOf(tx.signature));
    return { accepted: true, blockCount: BigInt(this.#blocks.length) };
  }
}

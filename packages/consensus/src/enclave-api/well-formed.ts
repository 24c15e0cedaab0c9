import type { TxOutMembershipProof } from "@mobilecoin-ts/transaction";
import { type Codec, f, mapped, message } from "@mobilecoin-ts/wire";
import { proofsCodec, txsWithProofsCodec } from "./proof-table.ts";
import { type Refusal, refusalCodec } from "./refusal.ts";
import { type WellFormedTxContext, wellFormedTxContextCodec } from "./tx-context.ts";

/** A transaction to be checked, with the ledger's present proof for each of its `highestIndices`. */
export interface TxToCheck {
  readonly locallyEncryptedTx: Uint8Array;
  readonly proofs: readonly TxOutMembershipProof[];
}

/** One transaction to be checked. `blockIndex` is that of the ledger's last block (04 section 2.12). */
export interface WellFormedRequest extends TxToCheck {
  readonly blockIndex: bigint;
}

/** Transactions to be checked together, which costs much less than one by one. */
export interface WellFormedBatch {
  readonly blockIndex: bigint;
  readonly txs: readonly TxToCheck[];
}

/** A transaction that was found well-formed. */
export interface WellFormedTx {
  /** The transaction under the second key of this run of the enclave, which takes nothing but well-formed ones. */
  readonly wellFormedEncryptedTx: Uint8Array;
  readonly context: WellFormedTxContext;
}

/** What became of one transaction of a batch. */
export type WellFormedOutcome =
  | ({ readonly kind: "wellFormed" } & WellFormedTx)
  | { readonly kind: "refused"; readonly refusal: Refusal };

export const wellFormedBatchCodec: Codec<WellFormedBatch> = mapped(
  message<{
    readonly blockIndex: bigint;
    readonly txs: ReturnType<typeof txsWithProofsCodec.defaultValue>;
  }>("WellFormedBatch", { blockIndex: f.uint64(1), txs: f.message(2, txsWithProofsCodec) }),
  ({ blockIndex, txs }) => ({
    blockIndex,
    txs: txs.map(({ encryptedTx, proofs }) => ({ locallyEncryptedTx: encryptedTx, proofs })),
  }),
  ({ blockIndex, txs }) => ({
    blockIndex,
    txs: txs.map(({ locallyEncryptedTx, proofs }) => ({ encryptedTx: locallyEncryptedTx, proofs })),
  }),
);

export const wellFormedRequestCodec: Codec<WellFormedRequest> = message<WellFormedRequest>(
  "WellFormedRequest",
  {
    blockIndex: f.uint64(1),
    locallyEncryptedTx: f.bytes(2),
    proofs: f.message(3, proofsCodec),
  },
);

export const wellFormedTxCodec: Codec<WellFormedTx> = message<WellFormedTx>("WellFormedTx", {
  wellFormedEncryptedTx: f.bytes(1),
  context: f.message(2, wellFormedTxContextCodec),
});

interface OutcomeMessage {
  readonly wellFormed: WellFormedTx | undefined;
  readonly refusal: Refusal | undefined;
}

const outcomeCodec: Codec<WellFormedOutcome> = mapped(
  message<OutcomeMessage>("WellFormedOutcome", {
    wellFormed: f.message(1, wellFormedTxCodec, { optional: true }),
    refusal: f.message(2, refusalCodec, { optional: true }),
  }),
  ({ wellFormed, refusal }) =>
    wellFormed === undefined
      ? { kind: "refused", refusal: refusal ?? refusalCodec.defaultValue() }
      : { kind: "wellFormed", ...wellFormed },
  (outcome) =>
    outcome.kind === "refused"
      ? { wellFormed: undefined, refusal: outcome.refusal }
      : { wellFormed: outcome, refusal: undefined },
);

/** One outcome for each transaction, in the order they were given. */
export const wellFormedOutcomesCodec: Codec<readonly WellFormedOutcome[]> = mapped(
  message<{ readonly outcomes: readonly WellFormedOutcome[] }>("WellFormedOutcomes", {
    outcomes: f.repeated(1, outcomeCodec),
  }),
  ({ outcomes }) => outcomes,
  (outcomes) => ({ outcomes }),
);

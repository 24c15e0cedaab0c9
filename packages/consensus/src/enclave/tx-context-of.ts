import { type FeeMap, feePriority, keyImagesOf } from "@mobilecoin-ts/transaction";
import type { TxContext, WellFormedTxContext } from "../enclave-api/index.ts";
import type { ParkedTx } from "./tx-park.ts";

/** What the host may know of any transaction that was proposed. */
export function txContextOf({ tx, txHash }: ParkedTx): Omit<TxContext, "locallyEncryptedTx"> {
  return {
    txHash,
    highestIndices: tx.prefix.inputs.flatMap(({ proofs }) => proofs.map(({ highestIndex }) => highestIndex)),
    keyImages: keyImagesOf(tx.signature),
    outputPublicKeys: tx.prefix.outputs.map(({ publicKey }) => publicKey),
  };
}

/** What the host may know of a well-formed one. */
export function wellFormedTxContextOf(parked: ParkedTx, fees: FeeMap): WellFormedTxContext {
  const { fee, feeTokenId, tombstoneBlock } = parked.tx.prefix;
  const minimumFee = fees.get(feeTokenId);
  if (minimumFee === undefined)
    throw new TypeError("a well-formed transaction pays its fee in a configured token");
  return { ...txContextOf(parked), priority: feePriority(fee, minimumFee), tombstoneBlock };
}

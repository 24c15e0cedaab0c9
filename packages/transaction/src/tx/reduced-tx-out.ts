import { TransactionError } from "../error.ts";
import type { TxOut } from "../tx-out/tx-out.ts";

/** The part of an output that ring signatures deal with: compressed points of 32 bytes each. */
export interface ReducedTxOut {
  readonly publicKey: Uint8Array;
  readonly targetKey: Uint8Array;
  readonly commitment: Uint8Array;
}

/** @throws TransactionError `UnknownMaskedAmountVersion` (area `txOut`) for an output without an amount. */
export function reduceTxOut({ publicKey, targetKey, maskedAmount }: TxOut): ReducedTxOut {
  if (maskedAmount === undefined) {
    throw new TransactionError("txOut", "UnknownMaskedAmountVersion", "an output has no amount that we know");
  }
  return { publicKey, targetKey, commitment: maskedAmount.commitment };
}

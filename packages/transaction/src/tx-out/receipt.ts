import { compareBytes, equalBytes } from "@mobilecoin-ts/crypto";
import type { Scalar } from "@mobilecoin-ts/curve";
import { TransactionError } from "../error.ts";
import type { UnmaskedAmount } from "./amount.ts";
import { confirmationNumber } from "./confirmation-number.ts";
import { type MaskedAmount, maskedAmountEquals, recoverAmount } from "./masked-amount.ts";
import { decodeKey, recoverSharedSecret } from "./onetime-keys.ts";
import type { TxOut } from "./tx-out.ts";

/**
 * What a sender hands the recipient of an output, to watch for it (02 section 2.22). Amount and tombstone are the
 * sender's claim until the output is in the ledger.
 */
export interface Receipt {
  /** Public key of the output, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** Confirmation number, 32 bytes. */
  readonly confirmation: Uint8Array;
  /** Block index at which the transaction expires. */
  readonly tombstoneBlock: bigint;
  readonly maskedAmount: MaskedAmount | undefined;
}

export type ReceiptCheck =
  | {
      readonly valid: true;
      /** The amount claimed. */
      readonly amount: UnmaskedAmount;
    }
  | { readonly valid: false; readonly reason: "confirmation" | "amount" };

/**
 * Whether a receipt is for the account with this view private key: its confirmation number and its amount both open.
 * Only the ledger tells whether the output exists.
 *
 * @throws TransactionError `Key` (area `txOut`), or area `amount`: `MissingMaskedAmount`, `InvalidMaskedTokenId`.
 */
export function checkReceipt(receipt: Receipt, viewPrivateKey: Scalar): ReceiptCheck {
  const sharedSecret = recoverSharedSecret(viewPrivateKey, decodeKey(receipt.publicKey, "public_key"));
  if (receipt.maskedAmount === undefined) {
    throw new TransactionError("amount", "MissingMaskedAmount", "the receipt states no amount that we know");
  }
  if (!equalBytes(confirmationNumber(sharedSecret), receipt.confirmation)) {
    return { valid: false, reason: "confirmation" };
  }
  try {
    return { valid: true, amount: recoverAmount(receipt.maskedAmount, sharedSecret) };
  } catch (error) {
    if (error instanceof TransactionError && error.code === "InconsistentCommitment") {
      return { valid: false, reason: "amount" };
    }
    throw error;
  }
}

/** Whether a receipt speaks of this output: same public key and same amount. */
export function receiptMatchesTxOut(receipt: Receipt, txOut: TxOut): boolean {
  return (
    compareBytes(receipt.publicKey, txOut.publicKey) === 0 &&
    maskedAmountEquals(receipt.maskedAmount, txOut.maskedAmount)
  );
}

import { compareBytes, equalBytes } from "@mobilecoin-ts/crypto";
import type { Scalar } from "@mobilecoin-ts/curve";
import { type Codec, f, fixedBytes, message } from "@mobilecoin-ts/wire";
import { TransactionError } from "../error.ts";
import type { UnmaskedAmount } from "./amount.ts";
import { CONFIRMATION_NUMBER_LENGTH, confirmationNumber } from "./confirmation-number.ts";
import { compressedRistrettoCodec } from "./key-codecs.ts";
import { type MaskedAmount, maskedAmountEquals, maskedAmountOneof, recoverAmount } from "./masked-amount.ts";
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

export const receiptCodec: Codec<Receipt> = message("Receipt", {
  publicKey: f.message(1, compressedRistrettoCodec),
  confirmation: f.message(2, fixedBytes("TxOutConfirmationNumber", CONFIRMATION_NUMBER_LENGTH)),
  tombstoneBlock: f.uint64(3),
  maskedAmount: maskedAmountOneof(4, 5),
});

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

import type { Scalar } from "@mobilecoin-ts/curve";
import { TransactionError } from "../error.ts";
import type { UnmaskedAmount } from "./amount.ts";
import { recoverAmount } from "./masked-amount.ts";
import { decodeKey, recoverSharedSecret } from "./onetime-keys.ts";
import type { TxOut } from "./tx-out.ts";

/** What a view key finds in an output. */
export type ViewKeyMatch =
  | {
      readonly matches: true;
      readonly amount: UnmaskedAmount;
      /** The output's shared secret, 32 bytes: opens its memo, proves its receipt. */
      readonly sharedSecret: Uint8Array;
    }
  | { readonly matches: false };

/**
 * Whether an output belongs to the account with this view private key: its amount opens (02 section 2.4). The target
 * key is not looked at, so the match does not yet say which subaddress, or that the output can be spent.
 *
 * @throws TransactionError area `txOut`: `Key` (public key does not decode), `UnknownMaskedAmountVersion` (no amount),
 * `Amount` (cause `InvalidMaskedTokenId`).
 */
export function matchViewKey(
  { publicKey, maskedAmount }: Pick<TxOut, "publicKey" | "maskedAmount">,
  viewPrivateKey: Scalar,
): ViewKeyMatch {
  const point = decodeKey(publicKey, "public_key");
  if (maskedAmount === undefined) {
    throw new TransactionError(
      "txOut",
      "UnknownMaskedAmountVersion",
      "the output has no amount that we know",
    );
  }
  const sharedSecret = recoverSharedSecret(viewPrivateKey, point);
  try {
    return { matches: true, amount: recoverAmount(maskedAmount, sharedSecret), sharedSecret };
  } catch (cause) {
    if (!(cause instanceof TransactionError)) throw cause;
    if (cause.code === "InconsistentCommitment") return { matches: false };
    throw new TransactionError("txOut", "Amount", "the amount of the output is malformed", { cause });
  }
}

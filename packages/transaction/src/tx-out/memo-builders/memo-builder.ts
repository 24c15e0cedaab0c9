import type { PublicAddress } from "@mobilecoin-ts/account";
import { TransactionError } from "../../error.ts";
import type { Amount } from "../amount.ts";
import { DEFAULT_MINIMUM_FEE, MOB_TOKEN_ID } from "../constants.ts";
import type { TxOutErrorCodes } from "../error-codes.ts";
import type { Memo } from "../memo.ts";
import { formatMemo } from "../memo.ts";
import { MAX_MEMO_FEE } from "../memo-field.ts";

/** What is known of an output when its memo is made. */
export interface MemoContext {
  /** Public key of the output that carries the memo, 32 bytes. */
  readonly txPublicKey: Uint8Array;
}

/** The subaddresses that a wallet pays itself on, beside its primary address. */
export interface ReservedSubaddresses {
  readonly primaryAddress: PublicAddress;
  readonly changeSubaddress: PublicAddress;
  readonly giftCodeSubaddress: PublicAddress;
}

/**
 * A policy of what memos a transaction's outputs carry (02 section 2.7.5). The transaction builder sets the fee, then
 * asks for the memo of each output as it is added; the change output comes last. Builders have state, serve one
 * transaction, and are not rolled back when a call fails.
 */
export interface MemoBuilder {
  /** Throws `FeeAfterChange`, or `MaxFeeExceeded` where the memo has 7 bytes for the fee (area `memoBuilder`). */
  setFee(fee: Amount): void;
  /** The 66-byte payload of an output to a recipient. Throws TransactionError of area `memoBuilder`. */
  memoForOutput(amount: Amount, recipient: PublicAddress, context: MemoContext): Uint8Array;
  /** The 66-byte payload of an output to our change subaddress. Throws TransactionError of area `memoBuilder`. */
  memoForChange(amount: Amount, change: ReservedSubaddresses, context: MemoContext): Uint8Array;
}

/** The fee that memos state before the transaction builder says otherwise. */
export const INITIAL_FEE: Amount = { value: DEFAULT_MINIMUM_FEE, tokenId: MOB_TOKEN_ID };

const MAX_U64 = (1n << 64n) - 1n;

export function refuse(
  code: TxOutErrorCodes["memoBuilder"],
  message: string,
  options?: { readonly cause?: unknown; readonly data?: Readonly<Record<string, number | bigint | string>> },
): TransactionError<"memoBuilder"> {
  return new TransactionError("memoBuilder", code, message, options);
}

/** Adds to an outlay. Throws `LimitsExceeded("total_outlay")` beyond a u64. */
export function addToOutlay(outlay: bigint, value: bigint): bigint {
  const sum = outlay + value;
  if (sum > MAX_U64) throw limitsExceeded("total_outlay");
  return sum;
}

/** A refusal because a number grew too large for its place in the memo. */
export function limitsExceeded(
  limit: "total_outlay" | "num_recipients" | "fee",
  cause?: unknown,
): TransactionError {
  return refuse("LimitsExceeded", `${limit} exceeds what a memo can state`, { cause, data: { limit } });
}

/** Formats a memo whose fee nobody checked before. Throws `LimitsExceeded("fee")`. */
export function formatWithFee(memo: Memo): Uint8Array {
  try {
    return formatMemo(memo);
  } catch (cause) {
    if (cause instanceof TransactionError && cause.code === "FeeTooLarge") throw limitsExceeded("fee", cause);
    throw cause;
  }
}

/** Throws `MixedTokenIds` unless the tokens are the same. */
export function requireSameToken(a: Amount, b: Amount): void {
  if (a.tokenId !== b.tokenId) throw mixedTokenIds();
}

export function mixedTokenIds(): TransactionError {
  return refuse("MixedTokenIds", "one memo cannot state amounts of different tokens");
}

/** Throws `MaxFeeExceeded` for a fee that does not fit 7 bytes. */
export function requireMemoFee(fee: Amount): void {
  if (fee.value > MAX_MEMO_FEE) {
    throw refuse("MaxFeeExceeded", "fee does not fit the 56 bits a memo has for it", {
      data: { max: MAX_MEMO_FEE },
    });
  }
}

import { type AccountKey, GIFT_CODE_SUBADDRESS } from "@mobilecoin-ts/account";
import { TransactionError } from "../error.ts";
import type { TxOutMembershipProof } from "../tx/membership-proof.ts";
import type { Amount } from "../tx-out/amount.ts";
import type { TxOutGiftCode } from "../tx-out/gift-code.ts";
import { GiftCodeCancellationMemoBuilder } from "../tx-out/memo-builders/gift-code-cancellation-memo-builder.ts";
import { GiftCodeFundingMemoBuilder } from "../tx-out/memo-builders/gift-code-funding-memo-builder.ts";
import { GiftCodeSenderMemoBuilder } from "../tx-out/memo-builders/gift-code-sender-memo-builder.ts";
import type { MemoBuilder, ReservedSubaddresses } from "../tx-out/memo-builders/memo-builder.ts";
import { recoverOnetimePrivateKey } from "../tx-out/onetime-keys.ts";
import type { TxOut } from "../tx-out/tx-out.ts";
import type { BuiltOutput } from "./built-output.ts";
import { type InputCredentials, inputCredentials } from "./input-credentials.ts";
import { TransactionBuilder, type TransactionBuilderOptions } from "./transaction-builder.ts";

/**
 * The three transactions in the life of a gift code (MCIP 32, 02 section 2.18). Each function prepares a builder:
 * set its tombstone block and build.
 */

type BuilderOptions = Omit<TransactionBuilderOptions, "memoBuilder" | "fee">;

export interface GiftCodeFundingOptions extends BuilderOptions {
  /** Its token is that of the gift. */
  readonly fee: Amount;
  /** At most 53 bytes of UTF-8, read by nobody but us. */
  readonly note: string;
  readonly inputs: readonly InputCredentials[];
  /** Smallest units of the fee's token. */
  readonly giftValue: bigint;
  /** The funder's. */
  readonly reserved: ReservedSubaddresses;
}

export interface PreparedGiftCode {
  readonly builder: TransactionBuilder;
  /** Keep it: with its place in the ledger it becomes the gift code (`giftCodeOf`). */
  readonly gift: BuiltOutput;
  readonly change: BuiltOutput;
}

/**
 * Puts an amount aside for whoever will hold the gift code, and the rest into change that remembers the gift.
 *
 * @throws TransactionError area `giftCode`: `InsufficientFunds`; area `memoBuilder`: `BadInputs` (note too long);
 * area `builder` as the builder's own functions.
 */
export function prepareGiftCode(options: GiftCodeFundingOptions): PreparedGiftCode {
  const { note, inputs, giftValue, reserved, ...rest } = options;
  const tokenId = options.fee.tokenId;
  const value = inputs.reduce((sum, input) => sum + input.amount.value, 0n);
  const change = remainder(value, giftValue + options.fee.value);
  const builder = new TransactionBuilder({ ...rest, memoBuilder: new GiftCodeFundingMemoBuilder(note) });
  for (const input of inputs) builder.addInput(input);
  return {
    builder,
    gift: builder.addGiftCodeOutput({ value: giftValue, tokenId }, reserved),
    change: builder.addChangeOutput({ value: change, tokenId }, reserved),
  };
}

/**
 * The gift code of an output that `prepareGiftCode` made, once the ledger holds it at `globalIndex`. Whoever has it can
 * spend the output.
 */
export function giftCodeOf(
  gift: Pick<BuiltOutput, "sharedSecret">,
  globalIndex: bigint,
  funder: AccountKey,
  giftCodeIndex: bigint = GIFT_CODE_SUBADDRESS,
): TxOutGiftCode {
  const spendKey = funder.subaddressSpendPrivateKey(giftCodeIndex);
  return {
    globalIndex,
    onetimePrivateKey: recoverOnetimePrivateKey(gift.sharedSecret, spendKey),
    sharedSecret: gift.sharedSecret,
  };
}

/**
 * Credentials to spend a gift code with: the ring holds the output that the ledger has at the code's index, at
 * `realIndex`. Throws as `inputCredentials`: `BadAmount` where that output is not the code's.
 */
export function giftCodeCredentials(
  giftCode: TxOutGiftCode,
  ring: readonly TxOut[],
  proofs: readonly TxOutMembershipProof[],
  realIndex: number,
): InputCredentials {
  return inputCredentials({
    ring,
    proofs,
    realIndex,
    onetimeKeyDeriveData: { kind: "onetimeKey", privateKey: giftCode.onetimePrivateKey },
    opening: { sharedSecret: giftCode.sharedSecret },
  });
}

export interface GiftCodeSpendingOptions extends BuilderOptions {
  /** Smallest units of the gift's token. */
  readonly fee: bigint;
  /** From `giftCodeCredentials`, or the funder's own. */
  readonly credentials: InputCredentials;
  /** Of whoever gets the amount. */
  readonly reserved: ReservedSubaddresses;
}

export interface PreparedGiftCodeSpending {
  readonly builder: TransactionBuilder;
  /** The gift, less the fee, on the change subaddress, where its memo is believed. */
  readonly change: BuiltOutput;
}

/**
 * Takes a gift: all of it but the fee goes to our change subaddress, with a note for ourselves (at most 57 bytes of
 * UTF-8). Throws as `prepareGiftCode`.
 */
export function prepareGiftCodeRedemption(
  options: GiftCodeSpendingOptions & { readonly note: string },
): PreparedGiftCodeSpending {
  const { note, ...rest } = options;
  return prepareSpending(rest, new GiftCodeSenderMemoBuilder(note));
}

/** Takes a gift back that nobody redeemed; `globalIndex` is its output's. Throws as `prepareGiftCode`. */
export function prepareGiftCodeCancellation(
  options: GiftCodeSpendingOptions & { readonly globalIndex: bigint },
): PreparedGiftCodeSpending {
  const { globalIndex, ...rest } = options;
  return prepareSpending(rest, new GiftCodeCancellationMemoBuilder(globalIndex));
}

function prepareSpending(
  { fee, credentials, reserved, ...rest }: GiftCodeSpendingOptions,
  memoBuilder: MemoBuilder,
): PreparedGiftCodeSpending {
  const { value, tokenId } = credentials.amount;
  const amount = { value: remainder(value, fee), tokenId };
  const builder = new TransactionBuilder({ ...rest, fee: { value: fee, tokenId }, memoBuilder });
  builder.addInput(credentials);
  return { builder, change: builder.addChangeOutput(amount, reserved) };
}

function remainder(value: bigint, spent: bigint): bigint {
  if (spent <= value) return value - spent;
  throw new TransactionError("giftCode", "InsufficientFunds", "the inputs are worth less than gift and fee");
}

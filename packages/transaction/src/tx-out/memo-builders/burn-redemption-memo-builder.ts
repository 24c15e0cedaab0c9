import { addressesEqual, burnAddress, type PublicAddress, shortAddressHash } from "@mobilecoin-ts/account";
import type { Amount } from "../amount.ts";
import { formatMemo } from "../memo.ts";
import {
  addToOutlay,
  formatWithFee,
  INITIAL_FEE,
  type MemoBuilder,
  type MemoContext,
  type ReservedSubaddresses,
  refuse,
  requireSameToken,
} from "./memo-builder.ts";

/** A burn redemption memo on the one output, which goes to the burn address (MCIP 39, 02 section 2.7.5). */
export class BurnRedemptionMemoBuilder implements MemoBuilder {
  readonly #burnAddress = burnAddress();
  readonly #memoData: Uint8Array;
  readonly #destinationMemo: boolean;
  #fee = INITIAL_FEE;
  #burnt: Amount | undefined;
  #destinationWritten = false;

  /**
   * @param memoData 64 bytes of free form, checked when the memo is made.
   * @param options `destinationMemo`: whether the change output records the burn; off unless said.
   */
  constructor(memoData: Uint8Array, options: { readonly destinationMemo?: boolean } = {}) {
    this.#memoData = memoData;
    this.#destinationMemo = options.destinationMemo ?? false;
  }

  setFee(fee: Amount): void {
    if (this.#destinationWritten)
      throw refuse("FeeAfterChange", "the destination memo with the fee is written");
    this.#fee = fee;
  }

  memoForOutput(amount: Amount, recipient: PublicAddress, _context: MemoContext): Uint8Array {
    if (!addressesEqual(recipient, this.#burnAddress)) {
      throw refuse("InvalidRecipient", "burn redemption pays the burn address only");
    }
    // Outputs after the change output need no check of their own: that memo is written only after a burn.
    if (this.#burnt !== undefined) throw refuse("MultipleOutputs", "burn redemption has one output");
    const payload = formatMemo({ kind: "burnRedemption", data: this.#memoData });
    this.#burnt = amount;
    return payload;
  }

  memoForChange(amount: Amount, _change: ReservedSubaddresses, _context: MemoContext): Uint8Array {
    if (!this.#destinationMemo) return formatMemo({ kind: "unused" });
    if (this.#destinationWritten) throw refuse("MultipleChangeOutputs", "the destination memo is written");
    if (this.#burnt === undefined)
      throw refuse("MissingOutput", "the burn output must come before the change");
    requireSameToken(this.#burnt, this.#fee);
    requireSameToken(this.#burnt, amount);
    const payload = formatWithFee({
      kind: "destination",
      recipientHash: shortAddressHash(this.#burnAddress),
      recipientCount: 1,
      fee: this.#fee.value,
      totalOutlay: addToOutlay(this.#burnt.value, this.#fee.value),
    });
    this.#destinationWritten = true;
    return payload;
  }
}

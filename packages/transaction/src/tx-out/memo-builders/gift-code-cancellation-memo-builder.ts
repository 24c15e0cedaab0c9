import type { Amount } from "../amount.ts";
import { formatMemo } from "../memo.ts";
import { INITIAL_FEE, type MemoBuilder, refuse, requireMemoFee, requireSameToken } from "./memo-builder.ts";

/** Taking a gift code back: the only output is our own change output (MCIP 32, 02 section 2.7.5). */
export class GiftCodeCancellationMemoBuilder implements MemoBuilder {
  readonly #globalIndex: bigint;
  #fee = INITIAL_FEE;
  #changeWritten = false;

  /** `globalIndex`: of the gift code's output in the ledger. */
  constructor(globalIndex: bigint) {
    this.#globalIndex = globalIndex;
  }

  setFee(fee: Amount): void {
    if (this.#changeWritten) throw refuse("FeeAfterChange", "the memo with the fee is written");
    requireMemoFee(fee);
    this.#fee = fee;
  }

  memoForOutput(): Uint8Array {
    throw refuse("DestinationMemoNotAllowed", "cancelling a gift code pays the change subaddress only");
  }

  memoForChange(amount: Amount): Uint8Array {
    if (this.#changeWritten) throw refuse("MultipleChangeOutputs", "the cancellation memo is written");
    requireSameToken(this.#fee, amount);
    this.#changeWritten = true;
    return formatMemo({
      kind: "giftCodeCancellation",
      globalIndex: this.#globalIndex,
      fee: this.#fee.value,
    });
  }
}

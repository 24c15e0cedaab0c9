import type { Amount } from "../amount.ts";
import { formatMemo, GIFT_CODE_SENDER_NOTE_MAX_BYTES } from "../memo.ts";
import { requireGiftCodeNote } from "./gift-code-note.ts";
import { INITIAL_FEE, type MemoBuilder, refuse, requireMemoFee, requireSameToken } from "./memo-builder.ts";

/** Redeeming a gift code: the only output is our own change output (MCIP 32, 02 section 2.7.5). */
export class GiftCodeSenderMemoBuilder implements MemoBuilder {
  readonly #note: string;
  #fee = INITIAL_FEE;
  #changeWritten = false;

  /** Throws `BadInputs` (area `memoBuilder`) for a note of more than 57 bytes of UTF-8, or without UTF-8 form. */
  constructor(note: string) {
    requireGiftCodeNote(note, GIFT_CODE_SENDER_NOTE_MAX_BYTES);
    this.#note = note;
  }

  setFee(fee: Amount): void {
    if (this.#changeWritten) throw refuse("FeeAfterChange", "the memo with the fee is written");
    requireMemoFee(fee);
    this.#fee = fee;
  }

  memoForOutput(): Uint8Array {
    throw refuse("DestinationMemoNotAllowed", "redeeming a gift code pays the change subaddress only");
  }

  memoForChange(amount: Amount): Uint8Array {
    if (this.#changeWritten) throw refuse("MultipleChangeOutputs", "the gift code sender memo is written");
    requireSameToken(this.#fee, amount);
    this.#changeWritten = true;
    return formatMemo({ kind: "giftCodeSender", fee: this.#fee.value, note: this.#note });
  }
}

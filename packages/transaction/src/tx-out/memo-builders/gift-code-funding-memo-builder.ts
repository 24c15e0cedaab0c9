import type { PublicAddress } from "@mobilecoin-ts/account";
import { equalBytes } from "@mobilecoin-ts/crypto";
import type { Amount } from "../amount.ts";
import { giftCodeShortHash } from "../gift-code.ts";
import { formatMemo, GIFT_CODE_FUNDING_NOTE_MAX_BYTES } from "../memo.ts";
import { requireGiftCodeNote } from "./gift-code-note.ts";
import {
  INITIAL_FEE,
  type MemoBuilder,
  type MemoContext,
  type ReservedSubaddresses,
  refuse,
  requireMemoFee,
  requireSameToken,
} from "./memo-builder.ts";

/** Funding of a gift code: the change output's memo points to the gift output (MCIP 32, 02 section 2.7.5). */
export class GiftCodeFundingMemoBuilder implements MemoBuilder {
  readonly #note: string;
  #fee = INITIAL_FEE;
  /** Public key of the gift output, until the change memo has used it. */
  #giftPublicKey: Uint8Array | undefined;
  #changeWritten = false;

  /** Throws `BadInputs` (area `memoBuilder`) for a note of more than 53 bytes of UTF-8, or without UTF-8 form. */
  constructor(note: string) {
    requireGiftCodeNote(note, GIFT_CODE_FUNDING_NOTE_MAX_BYTES);
    this.#note = note;
  }

  setFee(fee: Amount): void {
    if (this.#changeWritten) throw refuse("FeeAfterChange", "the memo with the fee is written");
    requireMemoFee(fee);
    this.#fee = fee;
  }

  memoForOutput(_amount: Amount, _recipient: PublicAddress, context: MemoContext): Uint8Array {
    if (this.#giftPublicKey !== undefined)
      throw refuse("MultipleOutputs", "one gift code is funded at a time");
    if (this.#changeWritten) throw refuse("OutputsAfterChange", "the change output must come last");
    this.#giftPublicKey = Uint8Array.from(context.txPublicKey);
    return formatMemo({ kind: "unused" });
  }

  memoForChange(amount: Amount, _change: ReservedSubaddresses, context: MemoContext): Uint8Array {
    if (this.#changeWritten) throw refuse("MultipleChangeOutputs", "the funding memo is written");
    const giftPublicKey = this.#giftPublicKey;
    if (giftPublicKey !== undefined && equalBytes(giftPublicKey, context.txPublicKey)) {
      throw refuse("BadInputs", "the memo must point to the gift output, not to the output that carries it");
    }
    requireSameToken(this.#fee, amount);
    if (giftPublicKey === undefined) {
      throw refuse("MissingOutput", "the gift output must come before the change");
    }
    this.#giftPublicKey = undefined;
    this.#changeWritten = true;
    return formatMemo({
      kind: "giftCodeFunding",
      giftCodeHash: giftCodeShortHash(giftPublicKey),
      fee: this.#fee.value,
      note: this.#note,
    });
  }
}

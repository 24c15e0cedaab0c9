import type { PublicAddress } from "@mobilecoin-ts/account";
import type { Amount } from "../amount.ts";
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

/**
 * Defragmentation memos on the merged output and on the empty decoy beside it (MCIP 61, 02 section 2.7.5). Both go
 * to the change subaddress, where such memos are believed.
 */
export class DefragmentationMemoBuilder implements MemoBuilder {
  readonly #defragId: bigint;
  #fee = INITIAL_FEE;
  #mainWritten = false;

  /** `defragId` tells the transactions of one defragmentation from those of another. */
  constructor(defragId = 0n) {
    this.#defragId = defragId;
  }

  setFee(fee: Amount): void {
    if (this.#mainWritten) throw refuse("FeeAfterChange", "the memo with the fee is written");
    this.#fee = fee;
  }

  memoForOutput(amount: Amount, _recipient: PublicAddress, _context: MemoContext): Uint8Array {
    if (this.#mainWritten) throw refuse("MultipleOutputs", "defragmentation has one output beside the decoy");
    requireSameToken(amount, this.#fee);
    const totalOutlay = addToOutlay(this.#fee.value, amount.value);
    const payload = this.#format(this.#fee.value, totalOutlay);
    this.#mainWritten = true;
    return payload;
  }

  /** The decoy may be asked for again and again: that it was written is not recorded, as in the reference. */
  memoForChange(amount: Amount, _change: ReservedSubaddresses, _context: MemoContext): Uint8Array {
    if (!this.#mainWritten) throw refuse("MissingOutput", "the merged output must come before the decoy");
    requireSameToken(amount, this.#fee);
    if (amount.value !== 0n) throw refuse("DefragWithChange", "the decoy of a defragmentation has no value");
    return this.#format(0n, 0n);
  }

  #format(fee: bigint, totalOutlay: bigint): Uint8Array {
    return formatWithFee({ kind: "defragmentation", fee, totalOutlay, defragId: this.#defragId });
  }
}

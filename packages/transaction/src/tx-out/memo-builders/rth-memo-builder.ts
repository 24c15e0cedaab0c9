import { type PublicAddress, shortAddressHash } from "@mobilecoin-ts/account";
import type { Amount } from "../amount.ts";
import { formatMemo } from "../memo.ts";
import { decodeKey } from "../onetime-keys.ts";
import { createSenderMemo, type SenderMemoCredential } from "../sender-memo.ts";
import {
  addToOutlay,
  formatWithFee,
  INITIAL_FEE,
  limitsExceeded,
  type MemoBuilder,
  type MemoContext,
  mixedTokenIds,
  type ReservedSubaddresses,
  refuse,
} from "./memo-builder.ts";

export interface RthMemoOptions {
  /** Without it recipients get unused memos. */
  readonly senderCredential?: SenderMemoCredential | undefined;
  /** Of the payment request being answered; excludes `paymentIntentId`. */
  readonly paymentRequestId?: bigint | undefined;
  readonly paymentIntentId?: bigint | undefined;
  /** Whether the change output records the payment. Off unless said. */
  readonly destinationMemo?: boolean | undefined;
}

const MAX_RECIPIENTS = 255;

/**
 * Recoverable transaction history, RTH (MCIP 4, 02 section 2.7.5): authenticated sender memos for recipients, a
 * destination memo on the change output, from which a restored wallet reads what it had sent.
 */
export class RthMemoBuilder implements MemoBuilder {
  readonly #options: RthMemoOptions;
  #fee = INITIAL_FEE;
  #destinationWritten = false;
  #lastRecipient: Uint8Array = new Uint8Array(16);
  #recipients = 0;
  #outlay = 0n;
  #outlayTokenId: bigint | undefined;

  constructor(options: RthMemoOptions = {}) {
    this.#options = options;
  }

  setFee(fee: Amount): void {
    if (this.#destinationWritten)
      throw refuse("FeeAfterChange", "the destination memo with the fee is written");
    this.#fee = fee;
  }

  memoForOutput(amount: Amount, recipient: PublicAddress, context: MemoContext): Uint8Array {
    if (this.#destinationWritten) throw refuse("OutputsAfterChange", "the change output must come last");
    this.#requireOutlayToken(amount);
    this.#outlay = addToOutlay(this.#outlay, amount.value);
    if (this.#recipients === MAX_RECIPIENTS) throw limitsExceeded("num_recipients");
    this.#recipients += 1;
    this.#lastRecipient = shortAddressHash(recipient);
    const { senderCredential } = this.#options;
    if (senderCredential === undefined) return formatMemo({ kind: "unused" });
    const viewPublicKey = decodeKey(recipient.viewPublicKey, "view_public_key");
    const statement = this.#statement();
    return createSenderMemo(statement, senderCredential, viewPublicKey, context.txPublicKey);
  }

  memoForChange(amount: Amount, _change: ReservedSubaddresses, _context: MemoContext): Uint8Array {
    if (!this.#options.destinationMemo) return formatMemo({ kind: "unused" });
    if (this.#destinationWritten) throw refuse("MultipleChangeOutputs", "the destination memo is written");
    this.#requireOutlayToken(amount);
    if (this.#fee.tokenId !== amount.tokenId) throw mixedTokenIds();
    this.#outlay = addToOutlay(this.#outlay, this.#fee.value);
    const destination = {
      recipientHash: this.#lastRecipient,
      recipientCount: this.#recipients,
      fee: this.#fee.value,
      totalOutlay: this.#outlay,
    };
    const { paymentRequestId, paymentIntentId } = this.#ids();
    const payload = formatWithFee(
      paymentRequestId !== undefined
        ? { kind: "destinationWithPaymentRequestId", ...destination, paymentRequestId }
        : paymentIntentId !== undefined
          ? { kind: "destinationWithPaymentIntentId", ...destination, paymentIntentId }
          : { kind: "destination", ...destination },
    );
    this.#destinationWritten = true;
    return payload;
  }

  #statement() {
    const { paymentRequestId, paymentIntentId } = this.#ids();
    if (paymentRequestId !== undefined) {
      return { kind: "authenticatedSenderWithPaymentRequestId", paymentRequestId } as const;
    }
    if (paymentIntentId !== undefined) {
      return { kind: "authenticatedSenderWithPaymentIntentId", paymentIntentId } as const;
    }
    return { kind: "authenticatedSender" } as const;
  }

  #ids(): { readonly paymentRequestId: bigint | undefined; readonly paymentIntentId: bigint | undefined } {
    const { paymentRequestId, paymentIntentId } = this.#options;
    if (paymentRequestId !== undefined && paymentIntentId !== undefined) {
      throw refuse(
        "RequestAndIntentIdSet",
        "a memo states a payment request id or a payment intent id, not both",
      );
    }
    return { paymentRequestId, paymentIntentId };
  }

  /** The first output or change output fixes the token of the outlay, even when the call fails later. */
  #requireOutlayToken(amount: Amount): void {
    this.#outlayTokenId ??= amount.tokenId;
    if (this.#outlayTokenId !== amount.tokenId) throw mixedTokenIds();
  }
}

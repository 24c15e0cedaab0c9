import { CHANGE_SUBADDRESS } from "@mobilecoin-ts/account";
import type { MemoKind } from "./memo.ts";

/**
 * What makes a memo's statements believable (02 sections 2.7.3 and 2.7.4): nothing (they are whatever the sender
 * wrote), the MAC (`validateSenderMemo`), or lying on the owner's change subaddress, whose address nobody else knows.
 */
export type MemoAuthentication = "none" | "senderMac" | "changeSubaddress";

const AUTHENTICATION: { readonly [Kind in MemoKind]: MemoAuthentication } = {
  unused: "none",
  burnRedemption: "none",
  giftCodeSender: "changeSubaddress",
  defragmentation: "changeSubaddress",
  authenticatedSender: "senderMac",
  authenticatedSenderWithPaymentRequestId: "senderMac",
  authenticatedSenderWithPaymentIntentId: "senderMac",
  destination: "changeSubaddress",
  giftCodeFunding: "changeSubaddress",
  giftCodeCancellation: "changeSubaddress",
  destinationWithPaymentRequestId: "changeSubaddress",
  destinationWithPaymentIntentId: "changeSubaddress",
};

/** How a kind of memo is authenticated. */
export function memoAuthentication(kind: MemoKind): MemoAuthentication {
  return AUTHENTICATION[kind];
}

/**
 * Whether a memo found on an output of this subaddress of ours is to be believed for lying there. False for kinds
 * that another rule or none authenticates.
 */
export function isTrustedByLocation(
  kind: MemoKind,
  subaddressIndex: bigint,
  changeSubaddress: bigint = CHANGE_SUBADDRESS,
): boolean {
  return AUTHENTICATION[kind] === "changeSubaddress" && subaddressIndex === changeSubaddress;
}

import { CHANGE_SUBADDRESS, DEFAULT_SUBADDRESS } from "@mobilecoin-ts/account";
import { expect, test } from "vitest";
import { isTrustedByLocation, memoAuthentication } from "./memo-authenticity.ts";

test("destination, defragmentation and gift code memos are believed on the change subaddress only", () => {
  for (const kind of [
    "destination",
    "destinationWithPaymentRequestId",
    "destinationWithPaymentIntentId",
    "defragmentation",
    "giftCodeSender",
    "giftCodeFunding",
    "giftCodeCancellation",
  ] as const) {
    expect(memoAuthentication(kind)).toBe("changeSubaddress");
    expect(isTrustedByLocation(kind, CHANGE_SUBADDRESS)).toBe(true);
    expect(isTrustedByLocation(kind, DEFAULT_SUBADDRESS)).toBe(false);
    expect(isTrustedByLocation(kind, 9n, 9n)).toBe(true);
  }
});

test("location proves no sender", () => {
  expect(memoAuthentication("authenticatedSender")).toBe("senderMac");
  expect(isTrustedByLocation("authenticatedSender", CHANGE_SUBADDRESS)).toBe(false);
  expect(memoAuthentication("burnRedemption")).toBe("none");
  expect(isTrustedByLocation("unused", CHANGE_SUBADDRESS)).toBe(false);
});

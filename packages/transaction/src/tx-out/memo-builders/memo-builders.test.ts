import { AccountKey, burnAddress, DEFAULT_SUBADDRESS, shortAddressHash } from "@mobilecoin-ts/account";
import { Point, Scalar } from "@mobilecoin-ts/curve";
import { describe, expect, test } from "vitest";
import { giftCodeShortHash } from "../gift-code.ts";
import { parseMemo } from "../memo.ts";
import { validateSenderMemo } from "../sender-memo.ts";
import { rejection } from "../testing.ts";
import { BurnRedemptionMemoBuilder } from "./burn-redemption-memo-builder.ts";
import { DefragmentationMemoBuilder } from "./defragmentation-memo-builder.ts";
import { EmptyMemoBuilder } from "./empty-memo-builder.ts";
import { GiftCodeCancellationMemoBuilder } from "./gift-code-cancellation-memo-builder.ts";
import { GiftCodeFundingMemoBuilder } from "./gift-code-funding-memo-builder.ts";
import { GiftCodeSenderMemoBuilder } from "./gift-code-sender-memo-builder.ts";
import type { MemoBuilder, ReservedSubaddresses } from "./memo-builder.ts";
import { RthMemoBuilder, type RthMemoOptions } from "./rth-memo-builder.ts";

const MAX_U64 = 2n ** 64n - 1n;
const MAX_FEE = 2n ** 56n - 1n;

const alice = AccountKey.fromRootEntropy(new Uint8Array(32).fill(1));
const bob = AccountKey.fromRootEntropy(new Uint8Array(32).fill(2));
const bobAddress = bob.defaultSubaddress;
const reserved: ReservedSubaddresses = {
  primaryAddress: alice.defaultSubaddress,
  changeSubaddress: alice.subaddress(1n),
  giftCodeSubaddress: alice.subaddress(2n),
};
const senderCredential = {
  addressHash: shortAddressHash(alice.defaultSubaddress),
  subaddressSpendPrivateKey: alice.subaddressSpendPrivateKey(DEFAULT_SUBADDRESS),
};
const output = { txPublicKey: Point.multiplyBase(Scalar.fromBigInt(11n)).encode() };
const changeOutput = { txPublicKey: Point.multiplyBase(Scalar.fromBigInt(12n)).encode() };

const mob = (value: bigint) => ({ value, tokenId: 0n });
const other = (value: bigint) => ({ value, tokenId: 1n });

/** The memo for an output of `amount`, or its rejection. */
function pay(builder: MemoBuilder, amount = mob(10n), recipient = bobAddress) {
  return rejection(() => parseMemo(builder.memoForOutput(amount, recipient, output)));
}

/** The memo for a change output of `amount`, or its rejection. */
function change(builder: MemoBuilder, amount = mob(1n), context = changeOutput) {
  return rejection(() => parseMemo(builder.memoForChange(amount, reserved, context)));
}

function setFee(builder: MemoBuilder, fee = mob(7n)) {
  return rejection(() => builder.setFee(fee));
}

describe("empty", () => {
  test("every memo is unused", () => {
    const builder = new EmptyMemoBuilder();
    builder.setFee();
    expect(pay(builder)).toEqual({ kind: "unused" });
    expect(change(builder)).toEqual({ kind: "unused" });
  });
});

describe("recoverable transaction history", () => {
  const full = (options: RthMemoOptions = {}) =>
    new RthMemoBuilder({ senderCredential, destinationMemo: true, ...options });

  test("sender and destination memos", () => {
    const builder = full();
    expect(setFee(builder)).toBeUndefined();
    const payload = builder.memoForOutput(mob(10n), bobAddress, output);
    expect(parseMemo(payload)).toMatchObject({ kind: "authenticatedSender" });
    const bobView = bob.subaddressViewPrivateKey(DEFAULT_SUBADDRESS);
    expect(validateSenderMemo(payload, alice.defaultSubaddress, bobView, output.txPublicKey)).toBe(true);
    expect(change(builder)).toEqual({
      kind: "destination",
      recipientHash: shortAddressHash(bobAddress),
      recipientCount: 1,
      fee: 7n,
      totalOutlay: 17n,
    });
  });

  test("request and intent ids are stated on both sides", () => {
    const request = full({ paymentRequestId: 5n });
    expect(pay(request)).toMatchObject({
      kind: "authenticatedSenderWithPaymentRequestId",
      paymentRequestId: 5n,
    });
    expect(change(request)).toMatchObject({ kind: "destinationWithPaymentRequestId", paymentRequestId: 5n });
    const intent = full({ paymentIntentId: 6n });
    expect(pay(intent)).toMatchObject({
      kind: "authenticatedSenderWithPaymentIntentId",
      paymentIntentId: 6n,
    });
    expect(change(intent)).toMatchObject({ kind: "destinationWithPaymentIntentId", paymentIntentId: 6n });
  });

  test("unused without credential and without destination memo; then nothing is refused", () => {
    const builder = new RthMemoBuilder({ paymentRequestId: 1n, paymentIntentId: 2n });
    expect(pay(builder)).toEqual({ kind: "unused" });
    expect(change(builder, other(1n))).toEqual({ kind: "unused" });
    expect(change(builder)).toEqual({ kind: "unused" });
    expect(pay(builder)).toEqual({ kind: "unused" });
    expect(setFee(builder)).toBeUndefined();
  });

  test("several recipients: the last one is recorded, all are counted; the first fee is the default", () => {
    const builder = full();
    pay(builder);
    pay(builder, mob(20n), alice.subaddress(9n));
    expect(change(builder)).toEqual({
      kind: "destination",
      recipientHash: shortAddressHash(alice.subaddress(9n)),
      recipientCount: 2,
      fee: 400_000_000n,
      totalOutlay: 400_000_030n,
    });
  });

  test("no recipient: hash of zeros, count zero", () => {
    expect(change(full())).toMatchObject({ recipientHash: new Uint8Array(16), recipientCount: 0 });
  });

  test("FeeAfterChange, OutputsAfterChange, MultipleChangeOutputs", () => {
    const builder = full();
    pay(builder);
    change(builder);
    expect(setFee(builder)).toBe("memoBuilder: FeeAfterChange");
    expect(pay(builder)).toBe("memoBuilder: OutputsAfterChange");
    expect(change(builder)).toBe("memoBuilder: MultipleChangeOutputs");
  });

  test("MixedTokenIds: against the first output, against the fee; a failed call still fixes the token", () => {
    const outputs = full();
    pay(outputs);
    expect(pay(outputs, other(1n))).toBe("memoBuilder: MixedTokenIds");
    expect(change(outputs, other(1n))).toBe("memoBuilder: MixedTokenIds");
    const fee = full();
    expect(change(fee, other(1n))).toBe("memoBuilder: MixedTokenIds");
    expect(change(fee)).toBe("memoBuilder: MixedTokenIds");
    setFee(fee, other(7n));
    expect(change(fee, other(1n))).toMatchObject({ fee: 7n });
  });

  test("LimitsExceeded: outlay, recipients, fee", () => {
    const outlay = full();
    pay(outlay, mob(MAX_U64));
    expect(pay(outlay)).toBe("memoBuilder: LimitsExceeded");
    expect(change(outlay)).toBe("memoBuilder: LimitsExceeded");
    const recipients = full({ senderCredential: undefined });
    for (let i = 0; i < 255; i++) expect(pay(recipients, mob(1n))).toEqual({ kind: "unused" });
    expect(pay(recipients, mob(1n))).toBe("memoBuilder: LimitsExceeded");
    setFee(recipients);
    expect(change(recipients)).toMatchObject({ recipientCount: 255, totalOutlay: 263n });
    const fee = full();
    setFee(fee, mob(MAX_FEE + 1n));
    expect(change(fee)).toBe("memoBuilder: LimitsExceeded");
    setFee(fee, mob(1n));
    // Not rolled back: the fee that was refused still counts as outlay.
    expect(change(fee)).toMatchObject({ totalOutlay: MAX_FEE + 2n });
  });

  test("RequestAndIntentIdSet", () => {
    const builder = full({ paymentRequestId: 1n, paymentIntentId: 2n });
    expect(pay(builder)).toBe("memoBuilder: RequestAndIntentIdSet");
    expect(change(builder)).toBe("memoBuilder: RequestAndIntentIdSet");
  });
});

describe("burn redemption", () => {
  const data = new Uint8Array(64).fill(3);
  const burn = (destinationMemo = true) => new BurnRedemptionMemoBuilder(data, { destinationMemo });

  test("burn and destination memos", () => {
    const builder = burn();
    setFee(builder);
    expect(pay(builder, mob(10n), burnAddress())).toEqual({ kind: "burnRedemption", data });
    expect(change(builder)).toEqual({
      kind: "destination",
      recipientHash: shortAddressHash(burnAddress()),
      recipientCount: 1,
      fee: 7n,
      totalOutlay: 17n,
    });
    expect(change(builder)).toBe("memoBuilder: MultipleChangeOutputs");
    expect(setFee(builder)).toBe("memoBuilder: FeeAfterChange");
    // After the change output too, the burn that came before it is what is reported.
    expect(pay(builder, mob(10n), burnAddress())).toBe("memoBuilder: MultipleOutputs");
  });

  test("change is unused when destination memos are off", () => {
    expect(change(new BurnRedemptionMemoBuilder(data))).toEqual({ kind: "unused" });
    expect(change(burn(false), other(1n))).toEqual({ kind: "unused" });
  });

  test("InvalidRecipient, MultipleOutputs", () => {
    const builder = burn();
    expect(pay(builder)).toBe("memoBuilder: InvalidRecipient");
    expect(pay(builder, mob(1n), { ...burnAddress(), fogReportId: "1" })).toBe(
      "memoBuilder: InvalidRecipient",
    );
    pay(builder, mob(1n), burnAddress());
    expect(pay(builder, mob(1n), burnAddress())).toBe("memoBuilder: MultipleOutputs");
    expect(pay(builder)).toBe("memoBuilder: InvalidRecipient");
  });

  test("MissingOutput, MixedTokenIds", () => {
    const builder = burn();
    expect(change(builder)).toBe("memoBuilder: MissingOutput");
    pay(builder, mob(1n), burnAddress());
    expect(change(builder, other(1n))).toBe("memoBuilder: MixedTokenIds");
    setFee(builder, other(1n));
    expect(change(builder)).toBe("memoBuilder: MixedTokenIds");
    expect(change(builder, other(1n))).toBe("memoBuilder: MixedTokenIds");
  });

  test("LimitsExceeded", () => {
    const outlay = burn();
    pay(outlay, mob(MAX_U64), burnAddress());
    expect(change(outlay)).toBe("memoBuilder: LimitsExceeded");
    const fee = burn();
    setFee(fee, mob(MAX_FEE + 1n));
    pay(fee, mob(1n), burnAddress());
    expect(change(fee)).toBe("memoBuilder: LimitsExceeded");
    setFee(fee, mob(MAX_FEE));
    expect(change(fee)).toMatchObject({ fee: MAX_FEE, totalOutlay: MAX_FEE + 1n });
  });

  test("memo data of another length than 64 is refused", () => {
    expect(pay(new BurnRedemptionMemoBuilder(new Uint8Array(63)), mob(1n), burnAddress())).toBe(
      "memo: BadLength",
    );
  });
});

describe("defragmentation", () => {
  test("main output and decoy", () => {
    const builder = new DefragmentationMemoBuilder(9n);
    setFee(builder);
    expect(pay(builder)).toEqual({ kind: "defragmentation", fee: 7n, totalOutlay: 17n, defragId: 9n });
    const decoy = { kind: "defragmentation", fee: 0n, totalOutlay: 0n, defragId: 9n };
    expect(change(builder, mob(0n))).toEqual(decoy);
    expect(change(builder, mob(0n))).toEqual(decoy);
    expect(setFee(builder)).toBe("memoBuilder: FeeAfterChange");
    expect(pay(builder)).toBe("memoBuilder: MultipleOutputs");
  });

  test("MissingOutput, MixedTokenIds, DefragWithChange", () => {
    const builder = new DefragmentationMemoBuilder();
    expect(change(builder, mob(0n))).toBe("memoBuilder: MissingOutput");
    expect(pay(builder, other(1n))).toBe("memoBuilder: MixedTokenIds");
    expect(pay(builder)).toMatchObject({ kind: "defragmentation", defragId: 0n });
    expect(change(builder, other(0n))).toBe("memoBuilder: MixedTokenIds");
    expect(change(builder)).toBe("memoBuilder: DefragWithChange");
  });

  test("LimitsExceeded", () => {
    const builder = new DefragmentationMemoBuilder();
    expect(pay(builder, mob(MAX_U64))).toBe("memoBuilder: LimitsExceeded");
    setFee(builder, mob(MAX_FEE + 1n));
    expect(pay(builder)).toBe("memoBuilder: LimitsExceeded");
    setFee(builder);
    expect(pay(builder)).toMatchObject({ totalOutlay: 17n });
  });
});

describe("gift code funding", () => {
  const funding = (note = "for you") => new GiftCodeFundingMemoBuilder(note);

  test("the change memo points to the gift output", () => {
    const builder = funding();
    setFee(builder);
    expect(pay(builder, other(10n))).toEqual({ kind: "unused" });
    expect(change(builder)).toEqual({
      kind: "giftCodeFunding",
      giftCodeHash: giftCodeShortHash(output.txPublicKey),
      fee: 7n,
      note: "for you",
    });
    expect(setFee(builder)).toBe("memoBuilder: FeeAfterChange");
    expect(change(builder)).toBe("memoBuilder: MultipleChangeOutputs");
    expect(pay(builder)).toBe("memoBuilder: OutputsAfterChange");
  });

  test("MultipleOutputs, BadInputs, MixedTokenIds, MissingOutput in this order", () => {
    const builder = funding();
    expect(change(builder, other(1n))).toBe("memoBuilder: MixedTokenIds");
    expect(change(builder)).toBe("memoBuilder: MissingOutput");
    pay(builder);
    expect(pay(builder)).toBe("memoBuilder: MultipleOutputs");
    expect(change(builder, other(1n), output)).toBe("memoBuilder: BadInputs");
    expect(change(builder, other(1n))).toBe("memoBuilder: MixedTokenIds");
    expect(change(builder)).toMatchObject({ kind: "giftCodeFunding" });
  });

  test("MaxFeeExceeded", () => {
    const builder = funding();
    expect(setFee(builder, mob(MAX_FEE))).toBeUndefined();
    expect(setFee(builder, mob(MAX_FEE + 1n))).toBe("memoBuilder: MaxFeeExceeded");
  });

  test("notes of up to 53 bytes", () => {
    expect(rejection(() => funding("x".repeat(53)))).toBeInstanceOf(GiftCodeFundingMemoBuilder);
    expect(rejection(() => funding("x".repeat(54)))).toBe("memoBuilder: BadInputs");
    expect(rejection(() => funding("\udc00"))).toBe("memoBuilder: BadInputs");
  });
});

describe.each([
  {
    name: "gift code sender",
    make: () => new GiftCodeSenderMemoBuilder("thanks"),
    memo: { kind: "giftCodeSender", fee: 7n, note: "thanks" },
  },
  {
    name: "gift code cancellation",
    make: () => new GiftCodeCancellationMemoBuilder(666n),
    memo: { kind: "giftCodeCancellation", globalIndex: 666n, fee: 7n },
  },
])("$name", ({ make, memo }) => {
  test("writes the memo once", () => {
    const builder = make();
    setFee(builder);
    expect(change(builder)).toEqual(memo);
    expect(change(builder)).toBe("memoBuilder: MultipleChangeOutputs");
    expect(setFee(builder)).toBe("memoBuilder: FeeAfterChange");
  });

  test("DestinationMemoNotAllowed, MixedTokenIds, MaxFeeExceeded", () => {
    const builder = make();
    expect(pay(builder)).toBe("memoBuilder: DestinationMemoNotAllowed");
    expect(change(builder, other(1n))).toBe("memoBuilder: MixedTokenIds");
    expect(setFee(builder, mob(MAX_FEE))).toBeUndefined();
    expect(setFee(builder, mob(MAX_FEE + 1n))).toBe("memoBuilder: MaxFeeExceeded");
    expect(change(builder)).toMatchObject({ fee: MAX_FEE });
  });
});

test("gift code sender notes of up to 57 bytes", () => {
  expect(rejection(() => new GiftCodeSenderMemoBuilder("é".repeat(28)))).toBeInstanceOf(
    GiftCodeSenderMemoBuilder,
  );
  expect(rejection(() => new GiftCodeSenderMemoBuilder("é".repeat(29)))).toBe("memoBuilder: BadInputs");
});

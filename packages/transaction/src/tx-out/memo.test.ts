import { bytesToHex, hexToBytes } from "@mobilecoin-ts/crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatMemo, type Memo, type MemoKind, type MemoOf, memoTypeOf, parseMemo } from "./memo.ts";
import { rejection } from "./testing.ts";

const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const fee = fc.bigInt({ min: 0n, max: 2n ** 56n - 1n });
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const note = (max: number) =>
  fc
    .string({ unit: "grapheme", maxLength: max })
    .filter((text) => !text.includes("\0") && new TextEncoder().encode(text).length <= max);

const sender = { senderHash: bytes(16), mac: bytes(16) };
const destination = {
  recipientHash: bytes(16),
  recipientCount: fc.integer({ min: 0, max: 255 }),
  fee,
  totalOutlay: u64,
};

function kind<Kind extends MemoKind>(
  kind: Kind,
  fields: { [Name in keyof Omit<MemoOf<Kind>, "kind">]: fc.Arbitrary<MemoOf<Kind>[Name]> },
): fc.Arbitrary<Record<string, unknown>> {
  return fc.record<Record<string, unknown>>({ ...fields, kind: fc.constant(kind) });
}

const anyMemo = fc.oneof(
  kind("unused", {}),
  kind("burnRedemption", { data: bytes(64) }),
  kind("giftCodeSender", { fee, note: note(57) }),
  kind("defragmentation", { fee, totalOutlay: u64, defragId: u64 }),
  kind("authenticatedSender", sender),
  kind("authenticatedSenderWithPaymentRequestId", { ...sender, paymentRequestId: u64 }),
  kind("authenticatedSenderWithPaymentIntentId", { ...sender, paymentIntentId: u64 }),
  kind("destination", destination),
  kind("giftCodeFunding", { giftCodeHash: bytes(4), fee, note: note(53) }),
  kind("giftCodeCancellation", { globalIndex: u64, fee }),
  kind("destinationWithPaymentRequestId", { ...destination, paymentRequestId: u64 }),
  kind("destinationWithPaymentIntentId", { ...destination, paymentIntentId: u64 }),
) as fc.Arbitrary<Memo>;

test("every memo reads back", () => {
  fc.assert(
    fc.property(anyMemo, (memo) => {
      const payload = formatMemo(memo);
      expect(payload.length).toBe(66);
      expect((payload[0]! << 8) | payload[1]!).toBe(memoTypeOf(memo.kind));
      expect(parseMemo(payload)).toEqual(memo);
    }),
  );
});

test("no 66 bytes do more than parse or be refused by a memo code", () => {
  fc.assert(
    fc.property(bytes(66), fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 5 }), (data, a, b) => {
      data[0] = a;
      data[1] = b;
      const result = rejection(() => parseMemo(data));
      if (typeof result === "string") expect(result).toMatch(/^memo: (UnknownMemoType|Utf8Decoding)$/);
      else expect(rejection(() => formatMemo(result as Memo))).toBeInstanceOf(Uint8Array);
    }),
  );
});

describe("layouts, byte for byte", () => {
  const hash = Uint8Array.from({ length: 16 }, (_, i) => 0xa0 + i);
  const hashHex = "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf";
  const rows: readonly (readonly [Memo, string])[] = [
    [{ kind: "unused" }, "0000"],
    [{ kind: "burnRedemption", data: new Uint8Array(64).fill(9) }, `0001${"09".repeat(64)}`],
    [{ kind: "giftCodeSender", fee: 0x01020304050607n, note: "né" }, "0002010203040506076ec3a9"],
    [
      { kind: "defragmentation", fee: 1n, totalOutlay: 2n, defragId: 3n },
      "00030000000000000100000000000000020000000000000003",
    ],
    [
      { kind: "authenticatedSender", senderHash: hash, mac: hash },
      `0100${hashHex}${"00".repeat(32)}${hashHex}`,
    ],
    [
      {
        kind: "authenticatedSenderWithPaymentRequestId",
        senderHash: hash,
        mac: hash,
        paymentRequestId: 0x0102n,
      },
      `0101${hashHex}0000000000000102${"00".repeat(24)}${hashHex}`,
    ],
    [
      { kind: "authenticatedSenderWithPaymentIntentId", senderHash: hash, mac: hash, paymentIntentId: 5n },
      `0102${hashHex}0000000000000005${"00".repeat(24)}${hashHex}`,
    ],
    [
      { kind: "destination", recipientHash: hash, recipientCount: 2, fee: 256n, totalOutlay: 257n },
      `0200${hashHex}02000000000001000000000000000101`,
    ],
    [
      { kind: "giftCodeFunding", giftCodeHash: hash.slice(0, 4), fee: 1n, note: "hi" },
      "0201a0a1a2a3000000000000016869",
    ],
    [{ kind: "giftCodeCancellation", globalIndex: 1n, fee: 2n }, "0202000000000000000100000000000002"],
    [
      {
        kind: "destinationWithPaymentRequestId",
        recipientHash: hash,
        recipientCount: 1,
        fee: 1n,
        totalOutlay: 2n,
        paymentRequestId: 7n,
      },
      `0203${hashHex}01000000000000010000000000000002${"0000000000000007"}`,
    ],
    [
      {
        kind: "destinationWithPaymentIntentId",
        recipientHash: hash,
        recipientCount: 1,
        fee: 1n,
        totalOutlay: 2n,
        paymentIntentId: 8n,
      },
      `0204${hashHex}01000000000000010000000000000002${"0000000000000008"}`,
    ],
  ];

  test.each(rows.map(([memo, hex]) => [memo.kind, memo, hex.padEnd(132, "0")] as const))(
    "%s",
    (_, memo, hex) => {
      expect(bytesToHex(formatMemo(memo))).toBe(hex);
      expect(parseMemo(hexToBytes(hex))).toEqual(memo);
    },
  );

  test("bytes outside the layout are ignored", () => {
    const payload = formatMemo({ kind: "giftCodeCancellation", globalIndex: 1n, fee: 2n });
    payload.fill(0xff, 2 + 15);
    expect(parseMemo(payload)).toEqual({ kind: "giftCodeCancellation", globalIndex: 1n, fee: 2n });
  });

  test("notes end at the first zero byte, or at the end", () => {
    const payload = formatMemo({ kind: "giftCodeSender", fee: 0n, note: "ab\0cd" });
    expect(parseMemo(payload)).toMatchObject({ note: "ab" });
    expect(parseMemo(formatMemo({ kind: "giftCodeSender", fee: 0n, note: "x".repeat(57) }))).toMatchObject({
      note: "x".repeat(57),
    });
  });
});

describe("rejections", () => {
  const hash = new Uint8Array(16);
  const shortHash = new Uint8Array(4);

  test("BadLength of payloads, hashes and notes", () => {
    for (const length of [0, 65, 67]) {
      expect(rejection(() => parseMemo(new Uint8Array(length)))).toBe("memo: BadLength");
    }
    const memos: Memo[] = [
      { kind: "burnRedemption", data: new Uint8Array(63) },
      { kind: "giftCodeSender", fee: 0n, note: "x".repeat(58) },
      { kind: "giftCodeSender", fee: 0n, note: `${"x".repeat(56)}é` },
      { kind: "giftCodeFunding", giftCodeHash: shortHash, fee: 0n, note: "x".repeat(54) },
      { kind: "giftCodeFunding", giftCodeHash: hash, fee: 0n, note: "" },
      { kind: "authenticatedSender", senderHash: shortHash, mac: hash },
    ];
    for (const memo of memos) expect(rejection(() => formatMemo(memo))).toBe("memo: BadLength");
  });

  test("UnknownMemoType", () => {
    for (const [a, b] of [
      [0, 4],
      [1, 3],
      [2, 5],
      [3, 0],
      [255, 255],
    ] as const) {
      const payload = new Uint8Array(66);
      payload[0] = a;
      payload[1] = b;
      expect(rejection(() => parseMemo(payload))).toBe("memo: UnknownMemoType");
    }
  });

  test("Utf8Decoding", () => {
    const payload = formatMemo({ kind: "giftCodeSender", fee: 0n, note: "a" });
    payload[2 + 7] = 0xff;
    expect(rejection(() => parseMemo(payload))).toBe("memo: Utf8Decoding");
    expect(rejection(() => formatMemo({ kind: "giftCodeSender", fee: 0n, note: "\ud800" }))).toBe(
      "memo: Utf8Decoding",
    );
  });

  test("a fee of 2^56 is MaxFeeExceeded in gift code memos, FeeTooLarge in the others", () => {
    const fee = 1n << 56n;
    const giftCodeMemos: Memo[] = [
      { kind: "giftCodeSender", fee, note: "" },
      { kind: "giftCodeFunding", giftCodeHash: shortHash, fee, note: "" },
      { kind: "giftCodeCancellation", globalIndex: 0n, fee },
    ];
    for (const memo of giftCodeMemos) expect(rejection(() => formatMemo(memo))).toBe("memo: MaxFeeExceeded");
    const otherMemos: Memo[] = [
      { kind: "defragmentation", fee, totalOutlay: 0n, defragId: 0n },
      { kind: "destination", recipientHash: hash, recipientCount: 0, fee, totalOutlay: 0n },
    ];
    for (const memo of otherMemos) expect(rejection(() => formatMemo(memo))).toBe("memo: FeeTooLarge");
  });
});
